import type { charts } from "./images.ts";

/** Values that make a chart take its images from a mirror, by chart: each names the place differently. */
const MIRRORED: Readonly<Record<keyof typeof charts, (mirror: string) => object>> = {
  kubePrometheusStack: (mirror) => ({ global: { imageRegistry: mirror } }),
  dcgmExporter: (mirror) => ({ image: { repository: `${mirror}/nvidia/k8s/dcgm-exporter` } }),
  karpenter: (mirror) => ({ controller: { image: { repository: `${mirror}/karpenter/controller` } } }),
  keda: (mirror) => ({ global: { image: { registry: mirror } } }),
  leaderWorkerSet: (mirror) => ({ image: { manager: { repository: `${mirror}/lws/lws` } } }),
  efaDevicePlugin: (mirror) => ({ image: { repository: `${mirror}/eks/aws-efa-k8s-device-plugin` } }),
  nvidiaDevicePlugin: (mirror) => ({ image: { repository: `${mirror}/nvidia/k8s-device-plugin` } }),
};

/** Not a list, and not an output, which stays as it is. */
const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

function merged(values: object, more: object): Record<string, unknown> {
  const result: Record<string, unknown> = { ...values };
  for (const [key, value] of Object.entries(more)) {
    const there = result[key];
    result[key] = isPlainObject(there) && isPlainObject(value) ? merged(there, value) : value;
  }
  return result;
}

/** A chart's values with its images taken from the mirror, where there is one. Charts themselves are read by whoever deploys. */
export const chartValues = (
  chart: keyof typeof charts,
  values: object,
  mirror: string | undefined,
): Record<string, unknown> => merged(values, mirror === undefined ? {} : MIRRORED[chart](mirror));
