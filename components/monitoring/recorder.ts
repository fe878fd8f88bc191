import type { MonitoringPlan } from "./plan.ts";
import { figure, type Labels, type RecordingRule, series } from "./promql.ts";

/** Reads and writes recorded series of one platform: all carry the label `platform`, so that two in a cluster never mix. */
export interface Recorder {
  /** A recorded series of this platform. */
  own(record: string, labels?: Labels): string;
  /** A raw metric of this platform's namespace. */
  raw(metric: string, labels?: Labels): string;
  rule(record: string, expr: string, labels?: Labels): RecordingRule;
  /** A series that always has this value. */
  constant(record: string, value: number, labels?: Labels): RecordingRule;
}

export const recorder = ({ namespace }: Pick<MonitoringPlan, "namespace">): Recorder => {
  const platform = { platform: namespace };
  const rule = (record: string, expr: string, labels: Labels = {}): RecordingRule => ({
    record,
    expr,
    labels: { ...platform, ...labels },
  });
  return {
    own: (record, labels) => series(record, { ...platform, ...labels }),
    raw: (metric, labels) => series(metric, { namespace, ...labels }),
    rule,
    constant: (record, value, labels) => rule(record, `vector(${figure(value)})`, labels),
  };
};
