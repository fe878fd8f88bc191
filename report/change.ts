import type { Results } from "../economics/results.ts";
import type { Report } from "./document.ts";

/** What a change to the stack costs: this report against one made before it. US dollars per month. */
export interface Change {
  readonly base: { readonly file: string; readonly today: string; readonly verdict: Results["verdict"] };
  readonly owningUsdPerMonth: Delta;
  readonly stayingUsdPerMonth: Delta;
  /** Owning line by line, the largest move first; lines that did not move are left out. */
  readonly lines: readonly LineChange[];
}

export interface Delta {
  readonly before: number;
  readonly after: number;
  readonly difference: number;
}

export interface LineChange extends Delta {
  readonly label: string;
  /** What the line was called before, where that differs. */
  readonly labelBefore: string | null;
}

/** Less than a cent a month is no change. */
const SMALLEST_USD = 0.01;

const delta = (before: number, after: number): Delta => ({ before, after, difference: after - before });

/**
 * What a line is about, without the sizes in its label: `pool h100` of `pool h100: 3x p5.48xlarge on-demand`, `set-up` of
 * `set-up, 160 h over 12 months`. A pool that shrinks is one line that moves, not one that goes and one that comes.
 */
const topicOf = (label: string): string => label.replace(/[:,].*$/, "").replace(/^\d+x /, "");

const totalsOf = (results: Results): { owning: number; staying: number } | undefined => {
  if (results.verdict === "unpriced") return undefined;
  const staying = results.staying.usdPerMonth;
  // Without GPUs there is one bill, and it is what is paid.
  return { owning: "owning" in results ? results.owning.usdPerMonth : staying, staying };
};

const linesOf = (results: Results): ReadonlyMap<string, { label: string; usdPerMonth: number }> => {
  const lines =
    results.verdict === "unpriced" ? [] : "owning" in results ? results.owning.lines : results.staying.lines;
  const topics = new Map<string, { label: string; usdPerMonth: number }>();
  for (const { label, usdPerMonth } of lines) {
    const known = topics.get(topicOf(label));
    topics.set(topicOf(label), { label: known?.label ?? label, usdPerMonth: usdPerMonth + (known?.usdPerMonth ?? 0) });
  }
  return topics;
};

/** The difference to a base report, or null where one of the two has no bill to compare. */
export function changeSince(base: Pick<Report, "subject" | "results">, results: Results): Change | null {
  const [before, after] = [totalsOf(base.results), totalsOf(results)];
  if (before === undefined || after === undefined) return null;
  const [old, current] = [linesOf(base.results), linesOf(results)];
  const lines = [...new Set([...old.keys(), ...current.keys()])].map((topic): LineChange => {
    const [was, is] = [old.get(topic), current.get(topic)];
    const label = is?.label ?? was?.label ?? topic;
    return {
      label,
      labelBefore: was !== undefined && was.label !== label ? was.label : null,
      ...delta(was?.usdPerMonth ?? 0, is?.usdPerMonth ?? 0),
    };
  });
  return {
    base: { file: base.subject.file, today: base.results.today, verdict: base.results.verdict },
    owningUsdPerMonth: delta(before.owning, after.owning),
    stayingUsdPerMonth: delta(before.staying, after.staying),
    lines: lines
      .filter(({ difference }) => Math.abs(difference) >= SMALLEST_USD)
      .toSorted((a, b) => Math.abs(b.difference) - Math.abs(a.difference)),
  };
}
