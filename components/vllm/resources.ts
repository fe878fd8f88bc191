import type { types } from "@pulumi/kubernetes";
import { WEIGHTS_FOLDER, type WeightsSource } from "./weights.ts";

/** What one pod holds of a replica. */
export interface PodShape {
  /** GPUs of this pod: all of a replica, or its share of one that spans nodes. */
  readonly gpus: number;
  /** Files a pod downloads onto its node; 0 when they come from a volume, an image or straight from S3. Unit: GiB. */
  readonly filesGiB: number;
  /** Network adapters for traffic between nodes. */
  readonly efaInterfaces: number;
}

/** One core for the API server and the scheduler, one per GPU worker. */
const cores = (gpus: number): number => 1 + gpus;

/** Workers of a tensor-parallel replica talk through shared memory; a single GPU hardly uses it. */
export const sharedMemoryGiB = (gpus: number): number => (gpus === 1 ? 1 : Math.min(2 * gpus, 16));

/** Host memory of the processes; weights pass through the page cache, which is given back. */
const hostMemoryGiB = (gpus: number): number => 6 + 2 * gpus;

/** Compile caches, tokenizer and temporary files beside the weights. */
const CACHE_GIB = 10;

/** Disk one replica takes on its node: every replica downloads weights of its own. */
export const diskGiB = (filesGiB: number): number => Math.ceil(filesGiB * 1.1) + CACHE_GIB;

/** Some repositories hold the weights in two file formats; beyond that something is wrong and the pod is evicted before the node. */
export const cacheLimitGiB = (filesGiB: number): number => Math.ceil(filesGiB * 2.1) + CACHE_GIB;

/** No memory limit: the node is the replica's own, and page cache and shared memory would count against it. */
export function resources({ gpus, filesGiB, efaInterfaces }: PodShape): types.input.core.v1.ResourceRequirements {
  const devices = {
    "nvidia.com/gpu": String(gpus),
    ...(efaInterfaces === 0 ? {} : { "vpc.amazonaws.com/efa": String(efaInterfaces) }),
  };
  return {
    limits: devices,
    requests: {
      ...devices,
      cpu: String(cores(gpus)),
      memory: `${hostMemoryGiB(gpus) + sharedMemoryGiB(gpus)}Gi`,
      "ephemeral-storage": `${diskGiB(filesGiB)}Gi`,
    },
  };
}

const CACHE = "/cache";

/** Every place vLLM, PyTorch, Triton and the model hub write to is on a volume. `USER` spares PyTorch a look into /etc/passwd. */
const places = {
  HOME: CACHE,
  USER: "vllm",
  VLLM_CACHE_ROOT: `${CACHE}/vllm`,
  TORCHINDUCTOR_CACHE_DIR: `${CACHE}/torchinductor`,
  TRITON_CACHE_DIR: `${CACHE}/triton`,
  HF_HUB_DISABLE_TELEMETRY: "1",
  VLLM_NO_USAGE_STATS: "1",
} as const;

/** Where the model hub's files are, and whether the hub may be asked. */
export function environment(source: WeightsSource): Readonly<Record<string, string>> {
  switch (source) {
    case "hub":
      return {
        ...places,
        HF_HOME: `${CACHE}/huggingface`,
        HF_HUB_DOWNLOAD_TIMEOUT: "60",
        HF_HUB_ETAG_TIMEOUT: "60",
      };
    case "cache":
      return { ...places, HF_HOME: `${WEIGHTS_FOLDER}/huggingface`, HF_HUB_OFFLINE: "1" };
    case "s3":
    case "image":
      return { ...places, HF_HOME: `${CACHE}/huggingface`, HF_HUB_OFFLINE: "1" };
    default:
      return source satisfies never;
  }
}

/** Volumes of a pod and where they are mounted. Weights from a volume or an image are read-only. */
export function storage(
  { gpus, filesGiB }: PodShape,
  weights?: types.input.core.v1.Volume,
): { volumes: types.input.core.v1.Volume[]; volumeMounts: types.input.core.v1.VolumeMount[] } {
  return {
    volumes: [
      { name: "cache", emptyDir: { sizeLimit: `${cacheLimitGiB(filesGiB)}Gi` } },
      { name: "tmp", emptyDir: { sizeLimit: "4Gi" } },
      { name: "shm", emptyDir: { medium: "Memory", sizeLimit: `${sharedMemoryGiB(gpus)}Gi` } },
      ...(weights === undefined ? [] : [weights]),
    ],
    volumeMounts: [
      { name: "cache", mountPath: CACHE },
      { name: "tmp", mountPath: "/tmp" },
      { name: "shm", mountPath: "/dev/shm" },
      ...(weights === undefined ? [] : [{ name: "weights", mountPath: WEIGHTS_FOLDER, readOnly: true }]),
    ],
  };
}
