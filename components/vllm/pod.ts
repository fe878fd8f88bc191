import type { types } from "@pulumi/kubernetes";
import type { ModelConfig } from "../../config/model.ts";
import { type StartUpAssumptions, startUp } from "../../config/start-up.ts";
import { downloadGiB } from "../../config/weight-files.ts";
import { imageReference, images } from "../images.ts";
import { restrictedContainer, restrictedPod } from "../pod-security.ts";
import { type Group, RENDEZVOUS_PORT, VLLM_PORT, vllmArguments } from "./flags.ts";
import { GRACE_SECONDS, PRE_STOP_SECONDS, probes } from "./lifecycle.ts";
import { environment, resources, storage } from "./resources.ts";
import { WEIGHTS_FOLDER, weightsSource } from "./weights.ts";

/** What decides the pods of a model, secrets apart. */
export interface Replica {
  /** Name of the service and of all objects. */
  readonly name: string;
  /** Model name vLLM answers to. */
  readonly model: string;
  readonly config: ModelConfig;
  /** Tokens per streamed event. @default `serving.streamInterval`, else one */
  readonly streamInterval?: number | undefined;
  /** Repository of the weights, e.g. `Qwen/Qwen3-32B`. */
  readonly huggingFaceId: string;
  /** Size of the weights on the GPUs of a replica. Unit: GiB. */
  readonly weightsGiB: number;
  /** Nodes one replica spans. */
  readonly nodes: number;
  /** Network adapters of one node, used where a replica spans nodes. */
  readonly efaInterfaces: number;
  readonly poolSelector: Readonly<Record<string, string>>;
  /** How long starts take on the pool. */
  readonly startUp: StartUpAssumptions;
  /** In front of every image. @default images come from their own registries */
  readonly registryMirror?: string | undefined;
}

/** Files that are read at a start. Unit: GiB. */
export const filesGiB = ({ weightsGiB, config, huggingFaceId }: Replica): number =>
  downloadGiB(weightsGiB, config.precision, huggingFaceId);

export const startOf = (replica: Replica) => startUp(replica.config, replica.startUp, filesGiB(replica));

/** What every pod of a model needs whatever it runs on: files, users, keys. */
const GPU_TOLERATION = { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" };

/** Claim of the volume that holds a model's weights. */
export const weightsClaim = (name: string): string => `${name}-weights`;
/** Config map with what Python imports beside vLLM. */
export const pythonConfigMap = (name: string): string => `${name}-python`;
const PYTHON_FOLDER = "/etc/breakeven";
const COMPILE_CACHE = "/compile";

function weightsVolume({ name, config }: Replica): types.input.core.v1.Volume | undefined {
  const source = weightsSource(config.weights);
  if (source === "cache") return { name: "weights", persistentVolumeClaim: { claimName: weightsClaim(name) } };
  if (source === "image")
    return { name: "weights", image: { reference: config.weights.image ?? "", pullPolicy: "IfNotPresent" } };
  return undefined;
}

/** Compiled kernels outlive a pod only on the weights' volume; elsewhere every pod compiles for itself. */
function compileCache({ config }: Replica): {
  env: types.input.core.v1.EnvVar[];
  volumeMounts: types.input.core.v1.VolumeMount[];
} {
  if (weightsSource(config.weights) !== "cache") return { env: [], volumeMounts: [] };
  return {
    env: [{ name: "VLLM_CACHE_ROOT", value: COMPILE_CACHE }],
    volumeMounts: [{ name: "weights", mountPath: COMPILE_CACHE, subPath: "compile" }],
  };
}

/** Replicas over zones and nodes; the nodes of one replica together in one zone, where traffic between them is fast. */
function placement(
  replica: Replica,
  labelSelector: types.input.meta.v1.LabelSelector,
): Partial<types.input.core.v1.PodSpec> {
  const spread = (topologyKey: string) => ({
    topologyKey,
    maxSkew: 1,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector,
  });
  if (replica.nodes === 1)
    return { topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map(spread) };
  return {
    affinity: {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          {
            topologyKey: "topology.kubernetes.io/zone",
            labelSelector,
            matchLabelKeys: ["leaderworkerset.sigs.k8s.io/group-key"],
          },
        ],
      },
    },
    topologySpreadConstraints: [spread("kubernetes.io/hostname")],
  };
}

/** The pod of a replica, or of one node of a replica that spans several. */
export function vllmPod(
  replica: Replica,
  role: Group["role"],
  labelSelector: types.input.meta.v1.LabelSelector,
  serviceAccountName?: string,
): types.input.core.v1.PodSpec {
  const { name, config, nodes } = replica;
  const source = weightsSource(config.weights);
  const shape = {
    gpus: Math.ceil(config.gpusPerReplica / nodes),
    filesGiB: source === "hub" ? filesGiB(replica) : 0,
    efaInterfaces: nodes === 1 ? 0 : replica.efaInterfaces,
  };
  const { volumes, volumeMounts } = storage(shape, weightsVolume(replica));
  const compiled = compileCache(replica);
  const secretKey = (key: string, optional: boolean) => ({
    name: key,
    valueFrom: { secretKeyRef: { name: `${name}-keys`, key, optional } },
  });
  const isLeader = role === "leader";
  const variables = { ...environment(source), PYTHONPATH: PYTHON_FOLDER };
  return {
    // The user and group `vllm` of the image.
    ...restrictedPod(2000, 0),
    ...(serviceAccountName === undefined ? {} : { serviceAccountName }),
    nodeSelector: { ...replica.poolSelector },
    tolerations: [GPU_TOLERATION],
    ...placement(replica, labelSelector),
    terminationGracePeriodSeconds: GRACE_SECONDS,
    containers: [
      {
        name: "vllm",
        image: imageReference(images.vllm, replica.registryMirror),
        args: [
          ...vllmArguments(replica.model, replica.huggingFaceId, config, { nodes, role }, replica.streamInterval),
          "--middleware=close_connections.CloseConnections",
        ],
        env: [
          ...Object.entries(variables)
            .filter(([key]) => !compiled.env.some((other) => other.name === key))
            .map(([key, value]) => ({ name: key, value })),
          ...compiled.env,
          secretKey("VLLM_API_KEY", false),
          ...(source === "hub" ? [secretKey("HF_TOKEN", true)] : []),
        ],
        ports: isLeader
          ? [
              { name: "http", containerPort: VLLM_PORT },
              ...(nodes === 1 ? [] : [{ name: "rendezvous", containerPort: RENDEZVOUS_PORT }]),
            ]
          : [],
        resources: resources(shape),
        // Workers answer no requests; when one dies its whole group is made anew.
        ...(isLeader ? probes(startOf(replica), config.startupProbeSeconds) : {}),
        lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
        securityContext: restrictedContainer,
        volumeMounts: [
          ...volumeMounts,
          ...compiled.volumeMounts,
          { name: "python", mountPath: PYTHON_FOLDER, readOnly: true },
        ],
      },
    ],
    volumes: [...volumes, { name: "python", configMap: { name: pythonConfigMap(name) } }],
  };
}

/** A Job's pod that fills the weights' volume from the hub: the model at its revision, and each adapter at its own. */
export function prefetchPod(replica: Replica): types.input.core.v1.PodSpec {
  const { name, config, huggingFaceId } = replica;
  const adapters = Object.entries(config.serving.loraAdapters?.adapters ?? {});
  const draft = config.serving.speculativeDecoding;
  const repositories = [
    { id: huggingFaceId, revision: config.weights.revision },
    ...(draft !== undefined && "huggingFaceId" in draft ? [{ id: draft.huggingFaceId, revision: draft.revision }] : []),
    ...adapters.map(([adapter, { huggingFaceId: id, revision }]) => ({
      id,
      revision,
      folder: `${WEIGHTS_FOLDER}/adapters/${adapter}`,
    })),
  ];
  return {
    ...restrictedPod(2000, 0),
    // Files are read by the group of the replicas.
    securityContext: { ...restrictedPod(2000, 0).securityContext, fsGroup: 0 },
    restartPolicy: "OnFailure",
    containers: [
      {
        name: "prefetch",
        image: imageReference(images.vllm, replica.registryMirror),
        command: ["python3", `${PYTHON_FOLDER}/prefetch.py`],
        args: repositories.map((repository) => JSON.stringify(repository)),
        env: [
          ...Object.entries({
            HOME: "/tmp",
            HF_HOME: `${WEIGHTS_FOLDER}/huggingface`,
            HF_HUB_DOWNLOAD_TIMEOUT: "60",
            HF_HUB_ETAG_TIMEOUT: "60",
            HF_HUB_DISABLE_TELEMETRY: "1",
          }).map(([key, value]) => ({ name: key, value })),
          { name: "HF_TOKEN", valueFrom: { secretKeyRef: { name: `${name}-keys`, key: "HF_TOKEN", optional: true } } },
        ],
        resources: { requests: { cpu: "1", memory: "2Gi" }, limits: { memory: "4Gi" } },
        securityContext: restrictedContainer,
        volumeMounts: [
          { name: "weights", mountPath: WEIGHTS_FOLDER },
          { name: "python", mountPath: PYTHON_FOLDER, readOnly: true },
          { name: "tmp", mountPath: "/tmp" },
        ],
      },
    ],
    volumes: [
      { name: "weights", persistentVolumeClaim: { claimName: weightsClaim(name) } },
      { name: "python", configMap: { name: pythonConfigMap(name) } },
      { name: "tmp", emptyDir: { sizeLimit: "1Gi" } },
    ],
  };
}
