/** How clients may connect. */
export interface ListenerShape {
  /** `internal`: reachable inside the network only. */
  readonly exposure: "internal" | "public";
  /**
   * TLS certificate in ACM.
   * @default plain TCP on port 80; refused for a public load balancer
   */
  readonly certificateArn?: string | undefined;
  /** Ranges that may connect. When empty, an internal load balancer admits the whole network; a public one refuses. */
  readonly sourceRanges: readonly string[];
  /** Longest silence on a connection, 60 to 6000 seconds. Without effect on TLS. */
  readonly idleTimeoutSeconds: number;
}

export interface Listener {
  readonly port: number;
  readonly scheme: "http" | "https";
  readonly protocol:
    | { readonly protocol: "TCP"; readonly tcpIdleTimeoutSeconds: number }
    | { readonly protocol: "TLS"; readonly certificateArn: string; readonly sslPolicy: string };
  readonly sourceRanges: readonly string[];
}

/** AWS lets nobody change it: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html */
const TLS_IDLE_TIMEOUT_SECONDS = 350;

/** TLS 1.3, and 1.2 with forward secrecy. */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/** Longest silence on a connection that the load balancer really allows. */
export const idleTimeoutSeconds = ({ certificateArn, idleTimeoutSeconds }: ListenerShape): number =>
  certificateArn === undefined ? idleTimeoutSeconds : TLS_IDLE_TIMEOUT_SECONDS;

/** Throws when a public load balancer would carry keys in clear text or be open to everyone. */
export function listenerShape(shape: ListenerShape, vpcCidr: string): Listener {
  const { exposure, certificateArn, sourceRanges } = shape;
  if (exposure === "public" && certificateArn === undefined) {
    throw new Error("the load balancer is public and has no certificateArn; give a TLS certificate");
  }
  if (exposure === "public" && sourceRanges.length === 0) {
    throw new Error("the load balancer is public and sourceRanges is empty; list the ranges that may connect");
  }
  const admitted = sourceRanges.length === 0 ? [vpcCidr] : sourceRanges;
  if (certificateArn === undefined) {
    const protocol = { protocol: "TCP", tcpIdleTimeoutSeconds: idleTimeoutSeconds(shape) } as const;
    return { port: 80, scheme: "http", protocol, sourceRanges: admitted };
  }
  const protocol = { protocol: "TLS", certificateArn, sslPolicy: TLS_POLICY } as const;
  return { port: 443, scheme: "https", protocol, sourceRanges: admitted };
}
