import { CAPTURED_LABELS, gigabyteMonths, WRITES_PER_ANSWER } from "../../config/captured-items.ts";
import { CAPTURED_ANSWERS, HOLDS_TAG } from "../../config/marks.ts";
import { type PlannedResource, type Reading, read } from "../read.ts";
import { type Adapter, type Adapters, label, regionOf, unpriced } from "./adapter.ts";

/** Only of a bucket whose tag says what it holds is known how much that is. */
const bucket: Adapter = (resource, context) => {
  const tag = read(() => resource.props["tags"]?.[HOLDS_TAG] as unknown);
  if (!tag.ok) return unpriced(resource, tag.reason);
  if (tag.value !== CAPTURED_ANSWERS)
    return unpriced(
      resource,
      `tag ${HOLDS_TAG} is ${JSON.stringify(tag.value) ?? "not set"}; expected "${CAPTURED_ANSWERS}", of other buckets nobody can say what they hold`,
    );
  return [
    {
      kind: "usage",
      resource: label(resource),
      label: CAPTURED_LABELS.writes,
      sku: "s3-put-1000",
      region: regionOf(resource, context),
      driver: "captured-answers",
      unitsEach: WRITES_PER_ANSWER,
    },
  ];
};

interface Rule {
  readonly status?: string;
  readonly filter?: Readonly<Record<string, unknown>>;
  readonly expiration?: { readonly days?: number };
  readonly transitions?: readonly unknown[];
}

/** Days after which the rules delete everything. */
function retentionDays(resource: PlannedResource): Reading<number> {
  const rules = read(() => (resource.props["rules"] ?? []) as readonly Rule[]);
  if (!rules.ok) return rules;
  if (rules.value.some(({ transitions }) => (transitions ?? []).length > 0))
    return { ok: false, reason: "its rules move objects to other storage classes, which have no price here" };
  const days = rules.value
    .filter(({ status, filter }) => status === "Enabled" && Object.keys(filter ?? {}).length === 0)
    .flatMap(({ expiration }) => expiration?.days ?? []);
  return days.length === 0
    ? { ok: false, reason: "no enabled rule deletes all objects after a number of days, so storage grows without end" }
    : { ok: true, value: Math.min(...days) };
}

/** What comes in stays until the rules delete it. */
const lifecycle: Adapter = (resource, context) => {
  const days = retentionDays(resource);
  if (!days.ok) return unpriced(resource, days.reason);
  return [
    {
      kind: "usage",
      resource: label(resource),
      label: CAPTURED_LABELS.storage,
      sku: "s3-standard-gb-month",
      region: regionOf(resource, context),
      driver: "captured",
      unitsEach: gigabyteMonths(days.value),
    },
  ];
};

/** Buckets and what deletes from them. */
export const bucketAdapters: Adapters = {
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": lifecycle,
};
