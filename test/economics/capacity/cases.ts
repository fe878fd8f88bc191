import { anchorIndex } from "../../../economics/capacity/anchors.ts";
import { type CaseText, predictCase } from "../../../economics/capacity/case.ts";
import type { Measurement } from "../../../economics/capacity/measurement.ts";
import { catalog } from "../facts.ts";

export const row = (changes: Partial<CaseText> = {}): CaseText => ({
  engine: "vllm",
  version: "",
  model: "Llama-3.1-70B",
  precision: "fp8",
  gpu: "H200",
  gpus: "2",
  tp: "2",
  isl: "1024",
  osl: "1024",
  concurrency: "32",
  ...changes,
});
export const predicted = (changes: Partial<CaseText> = {}, facts = catalog) => {
  const got = predictCase(row(changes), facts);
  if (!got.ok) throw new Error(got.reason);
  return got.value;
};
export const reasonOf = (changes: Partial<CaseText>): string => {
  const got = predictCase(row(changes), catalog);
  return got.ok ? "predicted" : got.reason;
};

export const measurement = (changes: Partial<Measurement> = {}): Measurement => ({
  engine: "vllm",
  version: "",
  model: "Phi-4",
  precision: "bf16",
  gpu: "H100-SXM",
  gpus: 1,
  tensorParallel: 1,
  expertParallel: false,
  pipelineStages: 1,
  variant: "",
  inputTokens: 1024,
  outputTokens: 1024,
  load: { kind: "concurrency", clients: 32 },
  outputTokensPerSecond: 1500,
  source: "github.com/someone/benchmarks page",
  date: "2026-01",
  ...changes,
});
export const withOnly = (...measurements: Measurement[]) => ({
  ...catalog,
  anchors: anchorIndex(measurements, catalog),
});
export const phi = { model: "Phi-4", precision: "bf16", gpu: "H100-SXM", gpus: "1", tp: "1" };
