import type { CapacityEstimate } from "../economics/capacity/estimate.ts";
import { evidenceText } from "../economics/capacity/evidence.ts";
import type { PeakFleet } from "../economics/capacity/peak-fleet.ts";
import type { Prediction } from "../economics/capacity/predict.ts";

const lines = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([name, value]) => `${name.padEnd(24)}${value}`).join("\n");
const round = (value: number, digits = 1): string => value.toLocaleString("en-US", { maximumFractionDigits: digits });

const spread = (low: number, high: number): string => (low === high ? "" : ` (${low} to ${high})`);

function fleetLines({ peakRequestsPerSecond, replicas, nodes, gpusPerNode }: PeakFleet): (readonly [string, string])[] {
  return [
    [
      "replicas for the peak",
      `${replicas.median}${spread(replicas.optimistic, replicas.pessimistic)} for ${round(peakRequestsPerSecond, 2)} requests/s`,
    ],
    ["nodes", `${nodes.median}${spread(nodes.optimistic, nodes.pessimistic)} of ${gpusPerNode} GPUs`],
  ];
}

/** The highest rate within latency targets, and the fleet for a peak when one was asked for. */
export function targetsText(estimate: CapacityEstimate, outputTokens: number, fleet?: PeakFleet): string {
  const { requestsPerSecond: rate, concurrentSequences, ttftMs, tpotMs, evidence, planFactor, notes } = estimate;
  return lines([
    [
      "requests/s per replica",
      `${round(rate.median, 2)} (${round(rate.pessimistic, 2)} to ${round(rate.optimistic, 2)})`,
    ],
    ["output tokens/s", round(rate.median * outputTokens)],
    ...(fleet === undefined ? [] : fleetLines(fleet)),
    ["running sequences", round(concurrentSequences)],
    ["first token", `${round(ttftMs)} ms`],
    ["per output token", `${round(tpotMs)} ms`],
    ["plan factor", `${planFactor} for a stock engine`],
    ["evidence", evidenceText(evidence)],
    ...notes.map((note) => ["note", note] as const),
  ]);
}

/** What a given load gets. */
export function predictionText({ outputTokensPerSecond, ttftSeconds, tpotSeconds, evidence }: Prediction): string {
  return lines([
    ["output tokens/s", round(outputTokensPerSecond)],
    ["first token", `${round(ttftSeconds * 1000)} ms`],
    ["per output token", `${round(tpotSeconds * 1000)} ms`],
    ["evidence", evidenceText(evidence)],
  ]);
}
