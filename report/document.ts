import type { Results } from "../economics/results.ts";
import type { Change } from "./change.ts";
import type { MeasuredTraffic } from "./measured.ts";

export const REPORT_SCHEMA = "breakeven/report/v1";

/** Everything a report says, in every format. Amounts are US dollars; names say the period. */
export interface Report {
  readonly schema: typeof REPORT_SCHEMA;
  readonly subject: Subject;
  readonly results: Results;
  /** Where the planned resources are not what the stack declares; empty for a stack file, which is only declared. */
  readonly differences: readonly string[];
  /** Forecast beside measured traffic; null where the config points at no measurement. */
  readonly measured: MeasuredTraffic | null;
  /** Against the base report; null where none was given. */
  readonly change: Change | null;
}

/** What was judged: the plan a stack file declares, or the resources of a preview. */
export interface Subject {
  readonly kind: "declared" | "planned";
  readonly file: string;
  /** File with what the platform owner pinned over the stack's own claims. */
  readonly owner?: string | undefined;
}

/** `Pulumi.prod.yaml, as declared` or `Pulumi.prod.yaml, as declared under owner.json` */
export const subjectText = ({ kind, file, owner }: Subject): string =>
  `${file}, as ${kind}${owner === undefined ? "" : ` under ${owner}`}`;
