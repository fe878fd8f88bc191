import type { helm } from "@pulumi/kubernetes";
import { IMAGE_LABEL } from "../config/marks.ts";
import { chartValues } from "./chart-images.ts";
import { type Chart, charts } from "./images.ts";

const GPU_TOLERATIONS = [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }];

interface Settings {
  readonly name: string;
  readonly namespace: string;
  readonly values?: object;
}

/** A release of a pinned chart, its images from the mirror where there is one. */
function release(key: keyof typeof charts, { name, namespace, values = {} }: Settings) {
  const { chart, repository, version }: Chart = charts[key];
  return (mirror?: string): helm.v3.ReleaseArgs => ({
    name,
    chart,
    version,
    ...(repository === undefined ? {} : { repositoryOpts: { repo: repository } }),
    namespace,
    ...(namespace === "kube-system" ? {} : { createNamespace: true }),
    values: chartValues(key, values, mirror),
  });
}

/**
 * NVIDIA's device plugin: makes the GPUs of labelled nodes known to Kubernetes as `nvidia.com/gpu`. Bottlerocket brings its
 * own and is left out.
 */
export const devicePlugin = release("nvidiaDevicePlugin", {
  name: "nvidia-device-plugin",
  namespace: "kube-system",
  values: {
    nodeSelector: { "nvidia.com/gpu.present": "true", [IMAGE_LABEL]: "al2023" },
    tolerations: GPU_TOLERATIONS,
  },
});

/** Makes the network adapters of nodes known as `vpc.amazonaws.com/efa`. */
export const efaDevicePlugin = release("efaDevicePlugin", {
  name: "aws-efa-k8s-device-plugin",
  namespace: "kube-system",
  values: { tolerations: GPU_TOLERATIONS },
});

/** KEDA, on system nodes. Its operator alone holds the metrics it scales by. */
export const keda = release("keda", { name: "keda", namespace: "keda" });

/** Controller of replicas that span nodes. */
export const leaderWorkerSetChart = release("leaderWorkerSet", { name: "lws", namespace: "lws-system" });
