import type { helm } from "@pulumi/kubernetes";
import { IMAGE_LABEL } from "../config/marks.ts";
import { charts } from "./images.ts";

const GPU_TOLERATIONS = [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }];

/**
 * NVIDIA's device plugin: makes the GPUs of labelled nodes known to Kubernetes as `nvidia.com/gpu`. Bottlerocket brings its
 * own and is left out.
 */
export const devicePlugin: helm.v3.ReleaseArgs = {
  name: "nvidia-device-plugin",
  chart: charts.nvidiaDevicePlugin.chart,
  version: charts.nvidiaDevicePlugin.version,
  repositoryOpts: { repo: charts.nvidiaDevicePlugin.repository },
  namespace: "kube-system",
  values: {
    nodeSelector: { "nvidia.com/gpu.present": "true", [IMAGE_LABEL]: "al2023" },
    tolerations: GPU_TOLERATIONS,
  },
};

/** Makes the network adapters of nodes known as `vpc.amazonaws.com/efa`. */
export const efaDevicePlugin: helm.v3.ReleaseArgs = {
  name: "aws-efa-k8s-device-plugin",
  chart: charts.efaDevicePlugin.chart,
  version: charts.efaDevicePlugin.version,
  repositoryOpts: { repo: charts.efaDevicePlugin.repository },
  namespace: "kube-system",
  values: { tolerations: GPU_TOLERATIONS },
};

/** KEDA, on system nodes. Its operator alone holds the metrics it scales by. */
export const keda: helm.v3.ReleaseArgs = {
  name: "keda",
  chart: charts.keda.chart,
  version: charts.keda.version,
  repositoryOpts: { repo: charts.keda.repository },
  namespace: "keda",
  createNamespace: true,
};

/** Controller of replicas that span nodes. */
export const leaderWorkerSetChart: helm.v3.ReleaseArgs = {
  name: "lws",
  chart: charts.leaderWorkerSet.chart,
  version: charts.leaderWorkerSet.version,
  namespace: "lws-system",
  createNamespace: true,
};
