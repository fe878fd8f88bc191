import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { imageReference, images } from "../images.ts";
import { restrictedContainer, restrictedPod } from "../pod-security.ts";

export const REDIS_PORT = 6379;

export const redisLabels = (name: string) => ({
  "app.kubernetes.io/name": "redis",
  "app.kubernetes.io/instance": name,
  "app.kubernetes.io/part-of": "breakeven",
});

export interface RedisArgs {
  readonly namespace: string;
  /** Labels of the pods that may connect. */
  readonly clientLabels: Readonly<Record<string, string>>;
  /** Name of the Secret whose `REDIS_PASSWORD` is the password. */
  readonly secretName: string;
  /** Registry that mirrors all others. @default images come from where they are published */
  readonly registryMirror?: string | undefined;
}

/**
 * A small Redis for counters: no disk, no replica, nobody but the gateway may connect and it may connect to nobody. When
 * it is lost, limits and budgets start over and each gateway pod counts for itself until it is back.
 *
 * ### Cost
 * Nothing by itself: a tenth of a core and 128 MiB on a system node.
 */
export class Redis extends pulumi.ComponentResource {
  readonly host: string;

  constructor(name: string, args: RedisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("breakeven:index:Redis", name, args, opts);
    const parent = { parent: this };
    const labels = redisLabels(name);
    const metadata = { name, namespace: args.namespace, labels };
    const selector = { matchLabels: labels };
    new k8s.apps.v1.Deployment(
      `${name}-deployment`,
      {
        metadata,
        spec: {
          replicas: 1,
          strategy: { type: "Recreate" },
          selector,
          template: { metadata: { labels }, spec: podSpec(args) },
        },
      },
      parent,
    );
    new k8s.core.v1.Service(
      `${name}-service`,
      { metadata, spec: { selector: labels, ports: [{ name: "redis", port: REDIS_PORT, targetPort: "redis" }] } },
      parent,
    );
    new k8s.networking.v1.NetworkPolicy(
      `${name}-network-policy`,
      {
        metadata,
        spec: {
          podSelector: selector,
          policyTypes: ["Ingress", "Egress"],
          ingress: [
            {
              from: [{ podSelector: { matchLabels: { ...args.clientLabels } } }],
              ports: [{ protocol: "TCP", port: REDIS_PORT }],
            },
          ],
          egress: [],
        },
      },
      parent,
    );
    this.host = `${name}.${args.namespace}.svc.cluster.local`;
    this.registerOutputs({});
  }
}

function podSpec({ secretName, registryMirror }: RedisArgs): k8s.types.input.core.v1.PodSpec {
  const probe = { tcpSocket: { port: "redis" }, periodSeconds: 5, timeoutSeconds: 2 };
  return {
    // The user `redis` of the image.
    ...restrictedPod(999, 999),
    containers: [
      {
        name: "redis",
        image: imageReference(images.redis, registryMirror),
        // The password stays out of the list of processes.
        command: ["sh", "-c", `echo "requirepass $REDIS_PASSWORD" | exec redis-server - --save "" --appendonly no`],
        env: [{ name: "REDIS_PASSWORD", valueFrom: { secretKeyRef: { name: secretName, key: "REDIS_PASSWORD" } } }],
        ports: [{ name: "redis", containerPort: REDIS_PORT }],
        resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "128Mi" } },
        startupProbe: { ...probe, failureThreshold: 12 },
        readinessProbe: probe,
        livenessProbe: { ...probe, failureThreshold: 6 },
        securityContext: restrictedContainer,
        volumeMounts: [],
      },
    ],
    volumes: [],
  };
}
