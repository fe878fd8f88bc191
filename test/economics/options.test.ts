import { describe, expect, it } from "vitest";
import type { DecisionInput } from "../../economics/decide.ts";
import { decide } from "../../economics/decide.ts";
import { type GpuCloudOffer, offeredGpu } from "../../economics/gpu-cloud-offer.ts";
import type { OptionResult } from "../../economics/options.ts";
import { comparedOptions, type StatedOptions } from "../../economics/options.ts";
import { catalog, operations, served, task } from "./facts.ts";
import { input, nodes } from "./plans.ts";

function option(name: string, changes: Partial<DecisionInput> = {}): OptionResult {
  const given = input(changes);
  const decision = decide(given);
  if (!("projector" in decision)) throw new Error(decision.kind);
  const found = comparedOptions(given, decision.projector).find((result) => result.option === name);
  if (found === undefined) throw new Error(`no option ${name}`);
  return found;
}

const serverless: StatedOptions["serverless"][number] = {
  provider: "example",
  gpu: "H100-SXM",
  usdPerGpuSecond: 0.001,
  coldStartSeconds: 60,
  idleSeconds: 60,
  source: "quote",
  date: "2026-11-01",
};

describe("options", () => {
  it("say what has to be stated instead of guessing", () => {
    for (const name of ["serverless", "distillation"])
      expect(option(name)).toMatchObject({
        priced: false,
        reason: expect.stringContaining(`economics.options.${name}`),
      });
  });

  it("price the same fleet at the cheapest GPU cloud of the catalogue, named with its source", () => {
    const [one, two] = [1, 2].map((count) =>
      option("brokered", { items: [nodes({ maxNodes: count, minNodes: count })] }),
    );
    if (!one?.priced || !two?.priced) throw new Error("not priced");
    const sxm = catalog.gpuClouds.filter((offer) => offer.basis === "on-demand" && offeredGpu(offer) === "H100-SXM");
    const cheapest = Math.min(...sxm.map(({ minUsdPerGpuHour }) => minUsdPerGpuHour));
    expect(sxm.length).toBeGreaterThan(3);
    expect(two.usdPerMonth - one.usdPerMonth).toBeCloseTo(cheapest * 8 * 730, 6);
    expect(one.inputs[0]).toContain(`$${cheapest.toFixed(2)} per GPU-hour`);
  });

  it("never price one GPU by the offer of another", () => {
    const named = (gpu: string, formFactor?: string) =>
      offeredGpu({
        ...(catalog.gpuClouds[0] as GpuCloudOffer),
        gpu,
        ...(formFactor === undefined ? {} : { formFactor }),
      });
    expect(named("H100", "PCIe")).toBe("H100-PCIe");
    expect(named("H100", "8x bare metal")).toBeUndefined();
    expect(named("A100-40GB", "SXM4 or PCIe")).toBeUndefined();
  });

  it("bill serverless workers by what they are up: rare traffic costs little, a full day all of it", () => {
    const people = { ...operations, setupHours: 0, maintenanceHoursPerMonth: 0, onCallHoursPerMonth: 0 };
    const bare = { items: [nodes()], operations: { ...people, modelUpdateHoursPerMonth: 0 } };
    const cost = (requestsPerDay: number) => {
      const result = option("serverless", {
        ...bare,
        tasks: { chat: task({ requestsPerDay, apiModel: "openai/gpt-5-nano" }) },
        options: { serverless: [serverless] },
      });
      if (!result.priced) throw new Error(result.reason);
      return result.usdPerMonth;
    };
    const allTheTime = 0.001 * 3600 * 730;
    expect(cost(10)).toBeLessThan(allTheTime / 20);
    expect(cost(50_000)).toBeGreaterThan(allTheTime * 0.9);
  });

  it("add up the one-off cost of distillation from its parts", () => {
    const result = option("distillation", {
      models: [served()],
      options: {
        serverless: [],
        distillation: {
          student: "small",
          teacher: "openai/gpt-6.1-terra",
          samples: 100_000,
          inputTokensPerSample: 1000,
          outputTokensPerSample: 500,
          trainingGpuHours: 64,
          usdPerGpuHour: 3,
          peopleHours: 80,
          source: "own estimate",
          date: "2026-11-01",
        },
      },
    });
    if (!result.priced) throw new Error(result.reason);
    // Terra at $1 and $5 per million, half of it in a batch.
    expect(result.oneOffUsd).toBeCloseTo((100_000 * (1000 * 1 + 500 * 5)) / 1e6 / 2 + 64 * 3 + 80 * 100, 6);
  });

  it("do not price what names an unknown model", () => {
    const distillation = {
      student: "nobody",
      teacher: "openai/gpt-6.1-terra",
      samples: 1,
      inputTokensPerSample: 1,
      outputTokensPerSample: 1,
      trainingGpuHours: 1,
      usdPerGpuHour: 1,
      peopleHours: 1,
      source: "x",
      date: "2026-11-01",
    };
    expect(option("distillation", { options: { serverless: [], distillation } })).toMatchObject({
      priced: false,
      reason: "no model is named nobody",
    });
  });
});
