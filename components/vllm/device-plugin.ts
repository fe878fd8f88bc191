import type { helm } from "@pulumi/kubernetes";
import { charts } from "../images.ts";

const { chart, repository, version } = charts.nvidiaDevicePlugin;

/** NVIDIA's device plugin: makes the GPUs of labelled nodes known to Kubernetes as `nvidia.com/gpu`. */
export const devicePlugin: helm.v3.ReleaseArgs = {
  name: "nvidia-device-plugin",
  chart,
  version,
  repositoryOpts: { repo: repository },
  namespace: "kube-system",
  values: {
    nodeSelector: { "nvidia.com/gpu.present": "true" },
    tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
  },
};
