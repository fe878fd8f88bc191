import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { PlatformConfig } from "../../config/platform.ts";
import { type GatewayPlan, gatewayGroups } from "./groups.ts";
import { type GatewayTasks, isRestricted } from "./routes.ts";

/** Folder of the bucket everything is written below. */
export const CAPTURE_PREFIX = "captured";

/** A store's key: it should allow to add objects below the prefix and nothing else. */
export interface CaptureKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Where the gateway writes what it keeps. */
export interface CaptureStore {
  readonly bucket: pulumi.Input<string>;
  readonly region: string;
  /** Address of a store that is not AWS's. @default S3 in the region */
  readonly endpoint?: string | undefined;
  /** A secret. @default the role of the gateway's account signs */
  readonly key?: pulumi.Input<CaptureKey> | undefined;
  /** Ways there. */
  readonly egress: readonly types.input.networking.v1.NetworkPolicyEgressRule[];
}

/** Whether any of the tasks keeps answers; restricted ones never do, whatever they say. */
export const isCapturing = (tasks: GatewayTasks): boolean =>
  Object.values(tasks).some((task) => task.capture !== undefined && !isRestricted(task));

type Endpoint = Extract<NonNullable<PlatformConfig["gateway"]["captureStore"]>, { kind: "endpoint" }>;

/** A store that is there. */
export function endpointStore(
  { url, bucket, region, cidr }: Endpoint,
  key: pulumi.Input<CaptureKey> | undefined,
): CaptureStore {
  const port = Number(new URL(url).port || 443);
  return {
    bucket,
    region,
    endpoint: url,
    key,
    egress: [{ to: [{ ipBlock: { cidr } }], ports: [{ protocol: "TCP", port }] }],
  };
}

/** What `gwcapture.py` reads: the task behind each model group, and the share of its answers that is kept. */
export const captureRules = (plan: GatewayPlan): Readonly<Record<string, object>> =>
  Object.fromEntries(
    gatewayGroups(plan).flatMap(({ name, task, dataClass }) => {
      const capture = plan.tasks[task]?.capture;
      return capture === undefined || dataClass === "restricted" ? [] : [[name, { task, share: capture.share }]];
    }),
  );
