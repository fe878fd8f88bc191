/** Input of one rule test and the alerts it ends in. Times are minutes. */
export interface AlertCase {
  readonly alert: string;
  readonly name: string;
  /** Length of the input. */
  readonly minutes: number;
  /** Minutes between samples and between evaluations. @default 1 */
  readonly step?: number;
  readonly series: Readonly<Record<string, string>>;
  /** When the alert is looked for. @default at the end */
  readonly at?: readonly number[];
  /** Alerts that fire then, with everything a reader sees; none for a negative case. */
  readonly fires?: readonly Fired[];
}

export interface Fired {
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
}

/** The same value all the time. */
export const always = (value: number): string => `${value}x100000`;
/** A counter that grows by so much per sample. */
export const growing = (perSample: number): string => `0+${perSample}x100000`;
/** Values one after the other, the last one for good. */
export const sequence = (...parts: readonly (readonly [value: number, samples: number])[]): string =>
  parts.map(([value, samples]) => `${value}x${samples - 1}`).join(" ");
/** A value that jumps around `middle` within `spread`, the same in every run, `samples` long. */
export function noise(middle: number, spread: number, samples: number): string {
  let state = 7;
  return Array.from({ length: samples }, () => {
    state = (state * 16807) % 2147483647;
    return (middle + spread * (2 * (state / 2147483647) - 1)).toFixed(4);
  }).join(" ");
}
