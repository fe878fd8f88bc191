import type { PlannedItem } from "../economics/planned.ts";
import { DAYS_PER_MONTH } from "../economics/units.ts";
import type { PlatformConfig } from "./platform.ts";

/** What kept answers are billed by. A gigabyte is billed for its whole stay when it comes in. */
export const CAPTURED_LABELS = {
  storage: "storage of captured answers",
  writes: "writes of captured answers",
} as const;

/** A thousand writes are one unit; pods put a minute's answers into one object, so one write per answer is the most. */
export const WRITES_PER_ANSWER = 1 / 1000;

/** Gigabyte-months of a gigabyte that is kept for so long. */
export const gigabyteMonths = (retentionDays: number): number => retentionDays / DAYS_PER_MONTH;

/** Storage and writes of the answers tasks keep; nothing where none does. */
export function capturedItems({ cluster, gateway: { captureStore: store }, tasks }: PlatformConfig): PlannedItem[] {
  if (store === undefined || Object.values(tasks).every(({ capture }) => capture === undefined)) return [];
  const storage = { resource: "captured answers", label: CAPTURED_LABELS.storage, driver: "captured" } as const;
  const writes = { resource: "captured answers", label: CAPTURED_LABELS.writes, driver: "captured-answers" } as const;
  const months = gigabyteMonths(store.retentionDays);
  if (store.kind === "endpoint") {
    const { usdPerGBMonth, usdPerThousandWrites, source, date } = store;
    const stated = { kind: "stated-usage", provenance: { source, date } } as const;
    return [
      { ...storage, ...stated, usdEach: months * usdPerGBMonth },
      { ...writes, ...stated, usdEach: WRITES_PER_ANSWER * usdPerThousandWrites },
    ];
  }
  const region = cluster.kind === "eks" ? cluster.region : "";
  return [
    { ...storage, kind: "usage", sku: "s3-standard-gb-month", region, unitsEach: months },
    { ...writes, kind: "usage", sku: "s3-put-1000", region, unitsEach: WRITES_PER_ANSWER },
  ];
}
