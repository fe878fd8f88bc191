/** The small part of PromQL that everything here is put together from. */

export type Labels = Readonly<Record<string, string>>;

/** Enough digits for money, few enough to hide the noise of floating point. */
export const figure = (value: number): string => String(Number(value.toPrecision(9)));

const quoted = (value: string): string => JSON.stringify(value);

/** `metric{namespace="llm", model!=""}`; a value that starts with an operator keeps it. */
export function series(metric: string, labels: Labels = {}): string {
  const matchers = Object.entries(labels).map(([label, value]) => {
    const [, operator = "=", text = ""] = /^(=~|!~|!=)?(.*)$/s.exec(value) ?? [];
    return `${label}${operator}${quoted(text)}`;
  });
  return matchers.length === 0 ? metric : `${metric}{${matchers.join(", ")}}`;
}

export const sumBy = (labels: readonly string[], expression: string): string =>
  `sum by (${labels.join(", ")}) (${expression})`;

/** One rule of a Prometheus rule file. */
export type Rule = RecordingRule | AlertingRule;

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels: Labels;
}

export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly keep_firing_for?: string;
  readonly labels: Labels;
  readonly annotations: Labels;
}

export interface RuleGroup {
  readonly name: string;
  readonly interval?: string;
  readonly rules: readonly Rule[];
}
