import type { types } from "@pulumi/kubernetes";

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
export function resources(gpus: number, filesGiB: number): types.input.core.v1.ResourceRequirements {
  const gpuCount = { "nvidia.com/gpu": String(gpus) };
  return {
    limits: gpuCount,
    requests: {
      ...gpuCount,
      cpu: String(cores(gpus)),
      memory: `${hostMemoryGiB(gpus) + sharedMemoryGiB(gpus)}Gi`,
      "ephemeral-storage": `${diskGiB(filesGiB)}Gi`,
    },
  };
}

const CACHE = "/cache";

/** Every place vLLM, PyTorch, Triton and the model hub write to is on a volume. `USER` spares PyTorch a look into /etc/passwd. */
export const environment = {
  HOME: CACHE,
  USER: "vllm",
  HF_HOME: `${CACHE}/huggingface`,
  VLLM_CACHE_ROOT: `${CACHE}/vllm`,
  TORCHINDUCTOR_CACHE_DIR: `${CACHE}/torchinductor`,
  TRITON_CACHE_DIR: `${CACHE}/triton`,
  HF_HUB_DOWNLOAD_TIMEOUT: "60",
  HF_HUB_ETAG_TIMEOUT: "60",
  HF_HUB_DISABLE_TELEMETRY: "1",
  VLLM_NO_USAGE_STATS: "1",
} as const;

/** Volumes of a replica and where they are mounted. */
export const storage = (gpus: number, filesGiB: number) =>
  ({
    volumes: [
      { name: "cache", emptyDir: { sizeLimit: `${cacheLimitGiB(filesGiB)}Gi` } },
      { name: "tmp", emptyDir: { sizeLimit: "4Gi" } },
      { name: "shm", emptyDir: { medium: "Memory", sizeLimit: `${sharedMemoryGiB(gpus)}Gi` } },
    ],
    volumeMounts: [
      { name: "cache", mountPath: CACHE },
      { name: "tmp", mountPath: "/tmp" },
      { name: "shm", mountPath: "/dev/shm" },
    ],
  }) satisfies { volumes: types.input.core.v1.Volume[]; volumeMounts: types.input.core.v1.VolumeMount[] };
