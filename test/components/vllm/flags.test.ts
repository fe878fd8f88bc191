import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { images } from "../../../components/images.ts";
import { type Group, vllmArguments } from "../../../components/vllm/flags.ts";
import { type ModelConfig, modelSchema } from "../../../config/model.ts";

interface ServeFlags {
  readonly vllm: string;
  readonly wheel: string;
  readonly sha256: string;
  readonly flags: Readonly<Record<string, "switch" | "value">>;
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly objects: Readonly<Record<string, readonly string[]>>;
}

const list: ServeFlags = JSON.parse(
  readFileSync(new URL("../../../components/vllm/serve-flags/flags.json", import.meta.url), "utf8"),
);

const model = (changes: object = {}): ModelConfig =>
  modelSchema.parse({ catalogModel: "Qwen3-32B", pool: "h100", replicas: { min: 1, max: 2 }, ...changes });
const flags = (changes: object = {}, huggingFaceId = "Qwen/Qwen3-32B", group?: Group) =>
  vllmArguments("chat", huggingFaceId, model(changes), group);

/** What vLLM would say of a command line, without vLLM: unknown flags, values where none belong, missing ones, wrong ones. */
function refusals(args: readonly string[]): readonly string[] {
  const [, ...rest] = args;
  return rest.flatMap((argument, index) => {
    if (!argument.startsWith("--")) {
      const owner = rest.slice(0, index).findLast((other) => other.startsWith("--"));
      return owner === "--lora-modules" ? [] : [`${argument} belongs to no flag`];
    }
    const [flag = "", value] = argument.includes("=")
      ? [argument.slice(0, argument.indexOf("=")), argument.slice(argument.indexOf("=") + 1)]
      : [argument];
    const kind = list.flags[flag];
    if (kind === undefined) return [`${flag} is unknown`];
    if (kind === "switch") return value === undefined ? [] : [`${flag} takes no value`];
    const next = rest[index + 1];
    if (value === undefined && (next === undefined || next.startsWith("--"))) return [`${flag} needs a value`];
    const allowed = list.values[flag];
    if (allowed !== undefined && value !== undefined && !allowed.includes(value)) return [`${flag} cannot be ${value}`];
    const keys = list.objects[flag];
    return keys === undefined ? [] : Object.keys(JSON.parse(value ?? "{}")).filter((key) => !keys.includes(key));
  });
}

const lora = (maxRank: number) => ({
  weights: { cache: { storageClass: "cephfs", sizeGiB: 100 } },
  serving: {
    loraAdapters: { adapters: { tickets: { huggingFaceId: "org/tickets", revision: "v1" } }, maxRank, maxPerBatch: 2 },
  },
});
const guess = (speculativeDecoding: object) => ({ serving: { speculativeDecoding } });

const everything: readonly (readonly [string, object])[] = [
  ["the defaults", {}],
  ["pipelines", { gpusPerReplica: 16, pipelineStages: 2 }],
  ["16-bit weights made FP8", { precision: "fp8" }],
  ["weights of four bits", { precision: "int4" }],
  ["everything off", { serving: { prefixCaching: false, chunkedPrefill: false } }],
  ["every limit", { serving: { maxBatchedTokens: 8192, maxQueuedRequests: 64, kvCache: "fp8" } }],
  ...[8, 16, 32, 64, 128, 256, 320, 512].map((rank) => [`adapters of rank ${rank}`, lora(rank)] as const),
  ["guesses from the prompt", guess({ kind: "ngram" })],
  ["guesses of a draft model", guess({ kind: "draft-model", huggingFaceId: "Qwen/Qwen3-0.6B", revision: "v1" })],
  ["guesses of a head", guess({ kind: "eagle3", huggingFaceId: "org/eagle", revision: "v1" })],
  ["guesses of its own layers", guess({ kind: "mtp" })],
  ["weights streamed from S3", { weights: { s3Uri: "s3://weights/qwen/v4" } }],
  ["weights in an image", { weights: { image: "registry.example.com/weights/qwen:v4" } }],
];

describe("vLLM's own flags", () => {
  it("are listed of the release that runs, from its wheel", () => {
    expect(images.vllm.tag).toBe(`v${list.vllm}`);
    expect(list.wheel).toContain(`vllm-${list.vllm}-`);
    expect(list.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.keys(list.flags).length).toBeGreaterThan(200);
  });

  it.each(everything)("accept %s", (_, changes) => {
    expect(refusals(flags(changes))).toEqual([]);
  });

  it.each(["leader", "worker"] as const)("accept the %s of a replica that spans nodes", (role) => {
    const group = { nodes: 2, role };
    expect(refusals(flags({ gpusPerReplica: 16, pipelineStages: 2 }, undefined, group))).toEqual([]);
  });

  it("accept what the pods add", () => {
    expect(refusals(["model", "--middleware=close_connections.CloseConnections"])).toEqual([]);
  });

  it.each([
    ["--gpu-memory-utilisation=0.9", "--gpu-memory-utilisation is unknown"],
    ["--enable-prefix-caching=true", "--enable-prefix-caching takes no value"],
    ["--max-model-len", "--max-model-len needs a value"],
    ["--kv-cache-dtype=fp6", "--kv-cache-dtype cannot be fp6"],
    ["--max-lora-rank=24", "--max-lora-rank cannot be 24"],
    ['--speculative-config={"num_tokens":3}', "num_tokens"],
  ])("refuse %s", (argument, reason) => {
    expect(refusals(["model", argument])).toEqual([reason]);
  });
});

describe("vllmArguments", () => {
  it("serves the weights under the config's own name and limits", () => {
    expect(flags({ weights: { revision: "v4" }, gpusPerReplica: 2, maxContextTokens: 16384 })).toEqual([
      "Qwen/Qwen3-32B",
      "--revision=v4",
      "--served-model-name=chat",
      "--port=8000",
      "--tensor-parallel-size=2",
      "--max-model-len=16384",
      "--max-num-seqs=256",
      "--gpu-memory-utilization=0.9",
      "--dtype=bfloat16",
      "--enable-prefix-caching",
      "--enable-chunked-prefill",
      "--stream-interval=1",
      "--shutdown-timeout=45",
      "--disable-access-log-for-endpoints=/health,/metrics,/ping",
    ]);
  });

  it("splits the GPUs of a replica between tensor and pipeline parallelism", () => {
    const args = flags({ gpusPerReplica: 16, pipelineStages: 2 }, undefined, { nodes: 2, role: "worker" });
    expect(args).toEqual(
      expect.arrayContaining([
        "--tensor-parallel-size=8",
        "--pipeline-parallel-size=2",
        "--nnodes=2",
        "--node-rank=$(LWS_WORKER_INDEX)",
        "--master-addr=$(LWS_LEADER_ADDRESS)",
        "--headless",
      ]),
    );
  });

  it("quantises 16-bit weights to FP8 while loading", () => {
    expect(flags({ precision: "fp8" })).toContain("--quantization=fp8");
  });

  it.each(["Qwen/Qwen3-32B-FP8", "RedHatAI/Llama-3.3-70B-Instruct-FP8-dynamic"])(
    "leaves the format of %s to its files",
    (id) => {
      expect(flags({ precision: "fp8" }, id).join(" ")).not.toMatch(/--quantization|--dtype/);
    },
  );

  it.each(["int8", "int4", "mxfp4"])("leaves the format of %s weights to their files", (precision) => {
    expect(flags({ precision }).join(" ")).not.toMatch(/--quantization|--dtype/);
  });

  it("serves adapters from where the job put their pinned revision, all of them in one flag", () => {
    const args = flags({
      ...lora(16),
      serving: {
        loraAdapters: {
          adapters: {
            tickets: { huggingFaceId: "org/tickets", revision: "v1" },
            letters: { huggingFaceId: "org/letters", revision: "v2" },
          },
        },
      },
    });
    const start = args.indexOf("--lora-modules");
    expect(args.slice(start, start + 3)).toEqual([
      "--lora-modules",
      "tickets=/weights/adapters/tickets",
      "letters=/weights/adapters/letters",
    ]);
    expect(args).toEqual(expect.arrayContaining(["--enable-lora", "--max-loras=1", "--max-cpu-loras=2"]));
  });
});
