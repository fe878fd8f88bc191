import type { types } from "@pulumi/kubernetes";
import type { GatewayRole } from "../../config/gateway-size.ts";
import type { PlatformConfig } from "../../config/platform.ts";
import { GATEWAY_PORT } from "./pod.ts";

/** How the gateway's Service is reached. */
export type GatewayService =
  | { readonly type: "ClusterIP" }
  /** Port opened on every node, for a load balancer made outside the cluster. */
  | { readonly type: "NodePort"; readonly nodePort: number }
  /** A load balancer made by the cluster's cloud, with TLS where AWS finds the certificate. */
  | {
      readonly type: "LoadBalancer";
      readonly sourceRanges: readonly string[];
      readonly certificateArn?: string | undefined;
    }
  /** Behind a Gateway the cluster has. */
  | ({ readonly type: "Route"; readonly hostname: string } & GatewayReference);

/** A Gateway (Gateway API) that is there. */
export type GatewayReference = Pick<
  NonNullable<PlatformConfig["loadBalancer"]["gateway"]>,
  "name" | "namespace" | "listener" | "scheme"
>;

/** Ports on every node that load balancers send to. */
export const NODE_PORTS: Readonly<Record<GatewayRole, number>> = { gateway: 30400, restricted: 30401 };

/** On a cluster that is already there, without a Gateway, only `public` asks for a load balancer: what makes one internal differs by cloud. */
export function gatewayService(
  { cluster, loadBalancer }: Pick<PlatformConfig, "cluster" | "loadBalancer">,
  role: GatewayRole,
): GatewayService {
  const { exposure, sourceRanges, certificateArn, gateway } = loadBalancer;
  const hostname = role === "restricted" ? gateway?.restrictedHostname : gateway?.hostname;
  if (gateway !== undefined && hostname !== undefined) return { ...gateway, type: "Route", hostname };
  if (exposure === "none") return { type: "ClusterIP" };
  if (cluster.kind === "eks") return { type: "NodePort", nodePort: NODE_PORTS[role] };
  return exposure === "public" ? { type: "LoadBalancer", sourceRanges, certificateArn } : { type: "ClusterIP" };
}

export function serviceSpec(
  service: GatewayService,
  selector: Record<string, string>,
): types.input.core.v1.ServiceSpec {
  const port = { name: "http", port: GATEWAY_PORT, targetPort: "http" };
  switch (service.type) {
    case "Route":
    case "ClusterIP":
      return { type: "ClusterIP", selector, ports: [port] };
    case "NodePort":
      return { type: "NodePort", selector, ports: [{ ...port, nodePort: service.nodePort }] };
    case "LoadBalancer": {
      const isTls = service.certificateArn !== undefined;
      return {
        type: "LoadBalancer",
        selector,
        ports: [{ ...port, port: isTls ? 443 : 80 }],
        loadBalancerSourceRanges: [...service.sourceRanges],
      };
    }
    default:
      return service satisfies never;
  }
}

export const serviceAnnotations = (service: GatewayService): Record<string, string> =>
  service.type === "LoadBalancer" && service.certificateArn !== undefined
    ? {
        "service.beta.kubernetes.io/aws-load-balancer-ssl-cert": service.certificateArn,
        "service.beta.kubernetes.io/aws-load-balancer-ssl-ports": "443",
      }
    : {};
