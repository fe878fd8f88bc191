import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { MODEL_LABEL } from "../../config/marks.ts";
import { imageReference, images } from "../images.ts";
import {
  dnsEgress,
  internetEgress,
  podIdentityEgress,
  prometheusPods,
  restrictedContainer,
  restrictedPod,
} from "../pod-security.ts";
import { VLLM_PORT } from "../vllm/flags.ts";
import { CAPTURE_PREFIX, type CaptureStore } from "./capture.ts";
import { type ApiModel, keyVariable } from "./providers.ts";

export const GATEWAY_PORT = 4000;
/** Metrics say who asks how much, so they are not on the port clients reach. */
export const METRICS_PORT = 4001;

const CONFIG_FOLDER = "/etc/gateway/config";
const KEYS_FOLDER = "/etc/gateway/keys";
const EXTERNAL_KEYS_FOLDER = "/etc/gateway/external-keys";
const PROVIDER_KEYS_FOLDER = "/etc/gateway/provider-keys";
/** The endpoint leaves the Service before the process is told to stop; it then finishes what is running. */
const PRE_STOP_SECONDS = 10;
/** The pod stops within the longest answer, the pause before it included. */
export const graceSeconds = (timeoutSeconds: number): number => timeoutSeconds + 20;

/** No lookups on the internet at start, no pages for people, metrics and errors only. */
const environment = {
  GATEWAY_KEYS_FILE: `${KEYS_FOLDER}/keys.json`,
  HOME: "/tmp",
  LITELLM_LOCAL_MODEL_COST_MAP: "True",
  LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS: "True",
  LITELLM_LOG: "ERROR",
  LITELLM_NON_ROOT: "true",
  DISABLE_ADMIN_UI: "True",
  NO_DOCS: "True",
  NO_REDOC: "True",
  NO_OPENAPI: "True",
  PYTHONDONTWRITEBYTECODE: "1",
} as const;

type Selector = { matchLabels: Record<string, string> };

export interface RedisAddress {
  readonly host: pulumi.Input<string>;
  readonly port: number;
}

export interface GatewayPodOptions {
  readonly name: string;
  readonly configName: string;
  readonly external: readonly ApiModel[];
  readonly selector: Selector;
  /** Longest answer; a pod that stops waits for it. Unit: seconds. */
  readonly longestSeconds: number;
  /** Largest request. Unit: MiB. */
  readonly maxBodyMiB: number;
  /** Where pods share counters; the password is in the environment's Secret. @default they do not */
  readonly redis?: RedisAddress | undefined;
  /** Where answers are kept; the key is in the environment's Secret. @default none are */
  readonly capture?: CaptureStore | undefined;
  /** Providers whose keys are not in the environment but in a Secret of this name, for each its file. @default none */
  readonly mounted?: { readonly providers: readonly string[]; readonly secretName: string } | undefined;
  /** Secret with a second key file, of clients whose keys come from elsewhere. @default none */
  readonly externalClients?: string | undefined;
  readonly idleTimeoutSeconds: number;
  readonly awsRegion?: string | undefined;
  readonly registryMirror?: string | undefined;
}

const usesIam = (external: readonly ApiModel[]): boolean => external.some(({ credentials }) => credentials === "iam");

const captureVariables = ({ bucket, region, endpoint }: CaptureStore) => ({
  CAPTURE_BUCKET: bucket,
  CAPTURE_PREFIX,
  CAPTURE_REGION: region,
  ...(endpoint === undefined ? {} : { CAPTURE_ENDPOINT: endpoint }),
});
export const CAPTURE_KEY_VARIABLES = ["CAPTURE_ACCESS_KEY_ID", "CAPTURE_SECRET_ACCESS_KEY"] as const;

function variables(options: GatewayPodOptions): types.input.core.v1.EnvVar[] {
  const { name, external, awsRegion, redis, capture, mounted, externalClients, maxBodyMiB } = options;
  const providers = external
    .filter(({ credentials, provider }) => credentials === "key" && !mounted?.providers.includes(provider))
    .map(({ provider }) => keyVariable(provider));
  const password = redis === undefined ? [] : ["REDIS_PASSWORD"];
  const captureKey = capture?.key === undefined ? [] : CAPTURE_KEY_VARIABLES;
  const keys = ["LITELLM_MASTER_KEY", "VLLM_API_KEY", ...password, ...captureKey, ...new Set(providers)];
  const secret = keys.map((key) => ({
    name: key,
    valueFrom: { secretKeyRef: { name: `${name}-environment`, key } },
  }));
  const region = usesIam(external) && awsRegion !== undefined ? [{ name: "AWS_REGION", value: awsRegion }] : [];
  const plain = {
    ...environment,
    GATEWAY_MAX_BODY_MIB: String(maxBodyMiB),
    ...(redis && { REDIS_HOST: redis.host, REDIS_PORT: String(redis.port) }),
    ...(capture && captureVariables(capture)),
    ...(mounted && { GATEWAY_PROVIDER_KEYS_FOLDER: PROVIDER_KEYS_FOLDER }),
    ...(externalClients && { GATEWAY_EXTERNAL_KEYS_FILE: `${EXTERNAL_KEYS_FOLDER}/keys.json` }),
  };
  return [...Object.entries(plain).map(([key, value]) => ({ name: key, value })), ...region, ...secret];
}

/** One process per pod: metrics and limits are kept per process. */
export function gatewayPod(options: GatewayPodOptions): types.input.core.v1.PodSpec {
  const secrets = [
    { name: "keys", secretName: `${options.name}-client-keys`, mountPath: KEYS_FOLDER },
    { name: "external-keys", secretName: options.externalClients, mountPath: EXTERNAL_KEYS_FOLDER },
    { name: "provider-keys", secretName: options.mounted?.secretName, mountPath: PROVIDER_KEYS_FOLDER },
  ].filter(({ secretName }) => secretName !== undefined);
  const readiness = { httpGet: { path: "/health/readiness", port: "http" }, timeoutSeconds: 5 };
  return {
    // `nobody`: nothing in the image belongs to it.
    ...restrictedPod(65534, 65534),
    serviceAccountName: options.name,
    topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
      topologyKey,
      maxSkew: 1,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: options.selector,
    })),
    terminationGracePeriodSeconds: graceSeconds(options.longestSeconds),
    containers: [
      {
        name: "litellm",
        image: imageReference(images.litellm, options.registryMirror),
        args: [
          `--config=${CONFIG_FOLDER}/config.yaml`,
          `--port=${GATEWAY_PORT}`,
          "--num_workers=1",
          `--prometheus_metrics_port=${METRICS_PORT}`,
          // Closed by the load balancer first, or a request meets a connection that is just going away.
          `--keepalive_timeout=${options.idleTimeoutSeconds + 20}`,
        ],
        env: variables(options),
        ports: [
          { name: "http", containerPort: GATEWAY_PORT },
          { name: "metrics", containerPort: METRICS_PORT },
        ],
        // Measured: 385 MB under load, and 190 MB for the process that serves metrics.
        resources: { requests: { cpu: "1", memory: "640Mi" }, limits: { memory: "1Gi" } },
        // Neither path looks at the models: a gateway without models is still the way to the API.
        startupProbe: { ...readiness, periodSeconds: 5, failureThreshold: 12 },
        readinessProbe: { ...readiness, periodSeconds: 5, failureThreshold: 3 },
        livenessProbe: {
          httpGet: { path: "/health/liveliness", port: "http" },
          periodSeconds: 10,
          timeoutSeconds: 5,
          failureThreshold: 6,
        },
        lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
        securityContext: restrictedContainer,
        volumeMounts: [
          { name: "config", mountPath: CONFIG_FOLDER, readOnly: true },
          ...secrets.map(({ name, mountPath }) => ({ name, mountPath, readOnly: true })),
          { name: "tmp", mountPath: "/tmp" },
        ],
      },
    ],
    volumes: [
      { name: "config", configMap: { name: options.configName } },
      ...secrets.map(({ name, secretName }) => ({ name, secret: { secretName } })),
      { name: "tmp", emptyDir: { sizeLimit: "256Mi" } },
    ],
  };
}

type Egress = types.input.networking.v1.NetworkPolicyEgressRule;

const modelEgress = (models: readonly string[]) =>
  ({
    to: ["vllm", "vllm-router"].map((name) => ({
      podSelector: {
        matchLabels: { "app.kubernetes.io/name": name },
        matchExpressions: [{ key: MODEL_LABEL, operator: "In", values: [...models] }],
      },
    })),
    ports: [{ protocol: "TCP", port: VLLM_PORT }],
  }) satisfies types.input.networking.v1.NetworkPolicyEgressRule;

/**
 * In: anyone on the one port, where keys decide, and Prometheus on the other. Out: names and its own models, the stores there
 * are, and the internet only where a task may use it.
 */
export const gatewayNetworkPolicy = (
  podSelector: Selector,
  models: readonly string[],
  external: readonly ApiModel[],
  stores: readonly Egress[],
): types.input.networking.v1.NetworkPolicySpec => ({
  podSelector,
  policyTypes: ["Ingress", "Egress"],
  ingress: [
    { ports: [{ protocol: "TCP", port: GATEWAY_PORT }] },
    { from: [prometheusPods], ports: [{ protocol: "TCP", port: METRICS_PORT }] },
  ],
  egress: [
    dnsEgress,
    ...(models.length > 0 ? [modelEgress(models)] : []),
    ...new Set([
      ...(external.length > 0 ? [internetEgress] : []),
      ...(usesIam(external) ? [podIdentityEgress] : []),
      ...stores,
    ]),
  ],
});
