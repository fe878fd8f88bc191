import { describe, expect, it } from "vitest";
import { loadCatalog } from "../../catalog/load.ts";
import { kvBytesPerTokenPerGpu } from "../../economics/capacity/memory.ts";
import type { CatalogModel } from "../../economics/model.ts";

const catalog = loadCatalog();
const model = (name: string): CatalogModel => {
  const row = catalog.model(name);
  if (!row.ok) throw new Error(row.reason);
  return row.value;
};

/** Parameters of embeddings, grouped-query attention and gated feed-forward layers, in billions: all, and those one token passes. */
function parametersBillion(m: CatalogModel): { readonly total: number; readonly active: number } {
  const {
    vocabularySize: vocabulary = Number.NaN,
    intermediateSize = Number.NaN,
    expertIntermediateSize = Number.NaN,
  } = m;
  const embeddings = vocabulary * m.hiddenSize * (m.tiedEmbeddings === true ? 1 : 2);
  const attention = m.layers * 2 * m.hiddenSize * m.headSize * (m.attentionHeads + m.kvHeads);
  const denseLayer = 3 * m.hiddenSize * intermediateSize;
  if (m.mixtureOfExperts === undefined) {
    const total = (embeddings + attention + m.layers * denseLayer) / 1e9;
    return { total, active: total };
  }
  const { experts, expertsPerToken } = m.mixtureOfExperts;
  const { sharedExperts = 0, firstDenseLayers = 0 } = m;
  const expert = 3 * m.hiddenSize * expertIntermediateSize;
  const router = m.hiddenSize * experts;
  const withExperts = (used: number): number =>
    (embeddings +
      attention +
      firstDenseLayers * denseLayer +
      (m.layers - firstDenseLayers) * (expert * (used + sharedExperts) + router)) /
    1e9;
  return { total: withExperts(experts), active: withExperts(expertsPerToken) };
}

/** Latent or linear attention, experts in every second layer, two kinds of attention layers: the dimensions alone do not give their totals. */
const OTHER_SHAPES = [
  "DeepSeek-V3/R1",
  "Llama-4-Maverick",
  "Gemma-4-26B-A4B",
  "DeepSeek-V3.2",
  "GLM-5",
  "Kimi-K2.5",
  "Qwen3.5-397B-A17B",
];

describe("models", () => {
  it.each(catalog.models.filter(({ name }) => !OTHER_SHAPES.includes(name)).map((row) => [row.name, row] as const))(
    "%s has the parameters its dimensions give, within 2 %%",
    (_name, row) => {
      const { total, active } = parametersBillion(row);
      expect(Math.abs(row.totalParametersBillion / total - 1)).toBeLessThan(0.02);
      expect(Math.abs(row.activeParametersBillion / active - 1)).toBeLessThan(0.02);
    },
  );

  it.each([
    ["Llama-3.1-8B", 8.03, 8.03],
    ["Llama-3.1-70B", 70.55, 70.55],
    ["Mixtral-8x7B", 46.7, 12.88],
    ["Qwen3-30B-A3B", 30.53, 3.35],
    ["Qwen3-235B-A22B", 235.09, 22.19],
    ["gpt-oss-120b", 116.79, 5.71],
  ])("%s has %d billion parameters, %d of them active", (name, total, active) => {
    expect(model(name)).toMatchObject({ totalParametersBillion: total, activeParametersBillion: active });
    expect(parametersBillion(model(name)).total).toBeCloseTo(total, 1);
    expect(parametersBillion(model(name)).active).toBeCloseTo(active, 1);
  });

  it("count no more active than total parameters, and all of them where there are no experts", () => {
    for (const row of catalog.models) {
      expect(row.activeParametersBillion, row.name).toBeLessThanOrEqual(row.totalParametersBillion);
      if (row.mixtureOfExperts === undefined)
        expect(row.activeParametersBillion, row.name).toBe(row.totalParametersBillion);
    }
  });

  it.each([
    ["Llama-3.1-8B", 131_072],
    ["Qwen3-32B", 262_144],
    ["DeepSeek-V3/R1", 70_272],
    ["Gemma-4-26B-A4B", 245_760],
  ])("%s caches %d bytes per token", (name, bytes) => {
    expect(kvBytesPerTokenPerGpu(model(name), 1)).toBe(bytes);
  });

  it("keep head sizes that are not hidden size over heads", () => {
    expect(model("Qwen3-32B").headSize).toBe(128);
    expect(model("gpt-oss-20b").headSize).toBe(64);
  });

  it("leave out licences nobody read", () => {
    expect(model("Qwen2.5-32B").license).toBeUndefined();
    expect(model("Qwen2.5-72B").license).toBe("qwen");
  });
});

describe("GPUs", () => {
  const gpu = (name: string) => catalog.gpus.find((row) => row.name === name);

  it("state what the driver shows where it was measured", () => {
    expect(gpu("L4")?.visibleMemoryMiB).toBe(23_030);
    expect(gpu("L40S")?.visibleMemoryMiB).toBe(46_068);
    expect(gpu("RTX-PRO-6000-Blackwell")?.visibleMemoryMiB).toBe(97_887);
    expect(gpu("B300-SXM")?.visibleMemoryMiB).toBe(275_040);
    expect(gpu("H100-SXM")?.visibleMemoryMiB).toBeUndefined();
  });

  it("have no arithmetic their hardware lacks", () => {
    expect(gpu("T4")).toMatchObject({ fp16Tflops: 65, int8Tops: 130 });
    expect(gpu("T4")?.bf16Tflops).toBeUndefined();
    expect(gpu("A100-80-SXM")?.fp8Tflops).toBeUndefined();
    expect(gpu("A10G")?.bf16Tflops).toBe(70);
  });

  it("take the lower bandwidth where sources disagree", () => {
    expect(gpu("B200-SXM")?.memoryBandwidthGBPerSecond).toBe(7700);
  });
});
