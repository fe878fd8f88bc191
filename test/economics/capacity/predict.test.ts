import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CaseText, predictCase } from "../../../economics/capacity/case.ts";
import { evidenceText } from "../../../economics/capacity/evidence.ts";
import { variantIn } from "../../../economics/capacity/load-text.ts";
import type { Measurement } from "../../../economics/capacity/measurement.ts";
import { catalog } from "../facts.ts";
import { measurement, phi, predicted, reasonOf, row, withOnly } from "./cases.ts";

describe("a prediction", () => {
  it("is the measurement where one was made at these settings", () => {
    const { outputTokensPerSecond, tpotSeconds, evidence } = predicted();
    expect(evidence.tier).toBe("A");
    expect(tpotSeconds * 1000).toBeCloseTo(20.35, 0);
    expect(outputTokensPerSecond).toBeCloseTo((32 * 1024) / (0.2716 + 1023 * 0.020346), -2);
  });

  it("has tier A on the same GPU, B on another, C without any measurement of the model and engine", () => {
    const alone = predicted(phi, withOnly());
    expect(alone.evidence).toMatchObject({ tier: "C", anchors: [] });
    const here = predicted(phi, withOnly(measurement()));
    expect(here.evidence.tier).toBe("A");
    expect(here.outputTokensPerSecond).toBeCloseTo(1500, 6);
    const elsewhere = predicted(phi, withOnly(measurement({ gpu: "H200-SXM" })));
    expect(elsewhere.evidence.tier).toBe("B");
    expect(predicted(phi, withOnly(measurement({ engine: "sglang" }))).evidence.tier).toBe("C");
    expect(predicted(phi, withOnly(measurement({ model: "Qwen3-14B" }))).evidence.tier).toBe("C");
  });

  it("carries a measurement to other settings by the ratio of the formula", () => {
    const facts = withOnly(measurement());
    const busier = { ...phi, concurrency: "64" };
    const ratio = predicted(busier, withOnly()).tpotSeconds / predicted(phi, withOnly()).tpotSeconds;
    expect(predicted(busier, facts).tpotSeconds).toBeCloseTo(predicted(phi, facts).tpotSeconds * ratio, 9);
    const offline = { ...phi, isl: "2048", concurrency: "max-throughput" };
    const saturated = withOnly(measurement({ load: { kind: "offline" } }));
    const measured = { ...phi, concurrency: "max-throughput" };
    expect(predicted(offline, saturated).outputTokensPerSecond).toBeCloseTo(
      (1500 * predicted(offline, withOnly()).outputTokensPerSecond) /
        predicted(measured, withOnly()).outputTokensPerSecond,
      6,
    );
  });

  it("of a fine-tune or a sibling with the same dimensions uses the same measurements", () => {
    expect(predicted({ model: "Llama-3.3-70B" }).outputTokensPerSecond).toBe(predicted().outputTokensPerSecond);
  });

  it("says in one line what it rests on", () => {
    expect(evidenceText(predicted(phi, withOnly(measurement())).evidence)).toBe(
      "tier A, error 3 % (p90 11 %), 1 point: Phi-4 on 1x H100-SXM, benchmarks 2026-01",
    );
    expect(evidenceText(predicted(phi, withOnly()).evidence)).toBe(
      "tier C, error 13 % (p90 46 %), by formula, nothing measured on this model and engine",
    );
  });
});

describe("names of benchmark tables", () => {
  it.each([
    ["Qwen/Qwen3-32B", "H100-SXM"],
    ["Qwen3-32B-FP8", "H100-SXM"],
    ["RedHatAI/Llama-3.3-70B-Instruct-FP8-dynamic", "H200-SXM5"],
    ["nvidia/Llama-3.1-8B-Instruct-NVFP4", "B200"],
    ["Qwen3-235B-A22B-Instruct-2507-FP8", "NVIDIA-H200"],
    ["llama3_1-70b-fp8_pre", "MI300X"],
  ])("%s on %s is found", (name, device) => {
    expect(reasonOf({ model: name, gpu: device, gpus: "8", tp: "8", precision: "" })).toBe("predicted");
  });
});

describe("what cannot be predicted says what would do", () => {
  it.each([
    [{ model: "Llama-9" }, 'unknown model "Llama-9"'],
    [{ gpu: "H100" }, 'unknown GPU "H100"; nearest known: H100-SXM, H100-PCIe, H100-NVL'],
    [{ engine: "ollama" }, 'engine "ollama" is not known; known: vllm, sglang, tensorrt-llm'],
    [
      { concurrency: "a lot" },
      'load "a lot" is not understood; give a number of clients, QPS=<requests/s>, or max-throughput',
    ],
    [{ osl: "" }, 'osl "" is not a number of tokens'],
    [{ tp: "3", gpus: "3" }, "64 attention heads do not divide over 3 GPUs; use one of 1, 2, 4, 8, 16, 32, 64"],
    [{ isl: "200000" }, "a context of 201024 tokens is beyond the model's 131072; use at most 131072"],
    [{ precision: "bf16", gpu: "L40S" }, "4 GPUs per replica would fit"],
  ])("%o", (changes, reason) => {
    expect(reasonOf(changes)).toContain(reason);
  });
});

describe("the interval of a prediction", () => {
  const error = (changes: Partial<CaseText>, ...measurements: Measurement[]): number =>
    predicted({ ...phi, ...changes }, withOnly(...measurements)).evidence.p90Error;
  const sweep = [8, 16, 32, 64].map((clients) => {
    const formula = predicted({ ...phi, concurrency: String(clients) }, withOnly());
    const outputTokensPerSecond = formula.outputTokensPerSecond * 0.9;
    return measurement({ load: { kind: "concurrency", clients }, outputTokensPerSecond });
  });

  it("widens away from the anchors", () => {
    expect(error({ osl: "128" }, ...sweep)).toBeGreaterThan(error({}, ...sweep));
    expect(error({ precision: "fp8" }, ...sweep)).toBeGreaterThan(error({}, ...sweep));
  });

  it("widens where the anchors are few or disagree", () => {
    const longer = { isl: "4096", osl: "256" };
    expect(error(longer, measurement())).toBeGreaterThan(error(longer, ...sweep));
    const noisy = sweep.map((run, index) => ({
      ...run,
      outputTokensPerSecond: run.outputTokensPerSecond * (index % 2 === 0 ? 0.5 : 2),
    }));
    expect(error({}, ...noisy)).toBeGreaterThan(2 * error({}, ...sweep));
    expect(predicted(phi, withOnly(...noisy)).evidence.tier).toBe("C");
  });
});

describe("predicted times", () => {
  const models = fc.constantFrom(
    "Llama-3.1-70B",
    "Qwen3-32B",
    "gpt-oss-120b",
    "Llama-3.1-8B",
    "Qwen3-235B-A22B",
    "GLM-4.5-Air",
  );
  const setting = fc.record({
    engine: fc.constantFrom("vllm", "sglang", "trtllm"),
    version: fc.constantFrom("", "0.18.0", "1.0.0rc3"),
    model: models,
    precision: fc.constantFrom("bf16", "fp8", "nvfp4"),
    gpu: fc.constantFrom("H100-SXM", "H200", "B200", "GB200", "A100-80-SXM"),
    tp: fc.constantFrom("4", "8"),
    isl: fc.integer({ min: 64, max: 16_000 }),
    osl: fc.integer({ min: 2, max: 4000 }),
    clients: fc.integer({ min: 1, max: 400 }),
  });
  type Asked = { isl: number; osl: number; clients: number; tp: string } & Omit<
    Partial<CaseText>,
    "isl" | "osl" | "tp"
  >;
  const at = ({ isl, osl, clients, tp, ...rest }: Asked) => {
    const cells = { isl: String(isl), osl: String(osl), concurrency: String(clients), tp, gpus: tp };
    const got = predictCase(row({ ...rest, ...cells }), catalog);
    return got.ok ? got.value : undefined;
  };

  it("agree with the throughput, and the time per token never falls as clients are added", () => {
    fc.assert(
      fc.property(setting, fc.integer({ min: 1, max: 200 }), (asked, more) => {
        const here = at(asked);
        if (here === undefined) return;
        const cycle = here.ttftSeconds + here.tpotSeconds * (asked.osl - 1);
        expect(here.outputTokensPerSecond).toBeCloseTo((asked.clients * asked.osl) / cycle, 6);
        const busier = at({ ...asked, clients: asked.clients + more });
        expect(busier?.tpotSeconds).toBeGreaterThanOrEqual(here.tpotSeconds * (1 - 1e-9));
      }),
      { numRuns: 400 },
    );
  });

  it("until the first token never fall as prompts grow, while all clients run", () => {
    fc.assert(
      fc.property(setting, fc.integer({ min: 1, max: 8000 }), (asked, longer) => {
        const here = at(asked);
        const there = at({ ...asked, isl: asked.isl + longer });
        if (here === undefined || there === undefined || there.sequences < asked.clients) return;
        expect(there.ttftSeconds).toBeGreaterThanOrEqual(here.ttftSeconds * (1 - 1e-9));
      }),
      { numRuns: 400 },
    );
  });

  it("of gpt-oss-120b on four H100 rise from 64 to 512 clients", () => {
    const asked = {
      engine: "vllm",
      model: "gpt-oss-120b",
      precision: "mxfp4",
      gpu: "H100-SXM",
      tp: "4",
      isl: 1024,
      osl: 1024,
    };
    const [few, many] = [at({ ...asked, clients: 64 }), at({ ...asked, clients: 512 })];
    expect(many?.tpotSeconds).toBeGreaterThanOrEqual(few?.tpotSeconds ?? Number.POSITIVE_INFINITY);
  });
});

describe("pipeline parallel", () => {
  const staged = { model: "Llama-3.1-405B", gpu: "H100-SXM", precision: "bf16", version: "" };

  it("is read from the parallelism of a row, divides memory, and rests on little", () => {
    expect(reasonOf({ ...staged, tp: "8", gpus: "8" })).toContain("16 GPUs per replica would fit");
    expect(predicted({ ...staged, tp: "TP8PP2", gpus: "16" }).evidence.tier).toBe("C");
    expect(predicted({ ...staged, tp: "TP8PP2", gpus: "" }).outputTokensPerSecond).toBe(
      predicted({ ...staged, tp: "TP8 PP2", gpus: "16" }).outputTokensPerSecond,
    );
    expect(reasonOf({ ...staged, tp: "TP8PP0" })).toContain("tp also as DEP8 or TP4PP2");
  });

  it("is read from the load text where a table states it there", () => {
    const burst = { ...phi, gpus: "2", tp: "2" };
    const text = "1000 prompts; Parallelism in vLLM / PP2";
    expect(predicted({ ...burst, concurrency: text }, withOnly()).outputTokensPerSecond).toBe(
      predicted({ ...burst, tp: "TP1PP2", concurrency: "1000 prompts" }, withOnly()).outputTokensPerSecond,
    );
    expect(variantIn(text)).toBe("Parallelism in vLLM / PP2");
  });
});

describe("a model without a stated format", () => {
  it("is taken in the one its weights are published in", () => {
    const deepseek = { model: "DeepSeek-R1", gpu: "H200", gpus: "8", tp: "8" };
    expect(predicted({ ...deepseek, precision: "" })).toEqual(predicted({ ...deepseek, precision: "fp8" }));
    expect(reasonOf({ ...deepseek, precision: "bf16" })).toContain("needs");
    expect(predicted({ precision: "" }).tpotSeconds).toBe(predicted({ precision: "bf16" }).tpotSeconds);
  });
});
