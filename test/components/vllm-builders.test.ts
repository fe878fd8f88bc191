import { describe, expect, it } from "vitest";
import { vllmArguments } from "../../components/vllm/flags.ts";
import {
  GRACE_SECONDS,
  PRE_STOP_SECONDS,
  probes,
  SHUTDOWN_SECONDS,
  startupSeconds,
} from "../../components/vllm/lifecycle.ts";
import { diskGiB, resources, storage } from "../../components/vllm/resources.ts";
import { downloadGiB } from "../../components/vllm/weights.ts";
import { modelSchema } from "../../config/model.ts";

const flags = (changes: object = {}, huggingFaceId = "Qwen/Qwen3-32B") =>
  vllmArguments(
    "chat",
    huggingFaceId,
    modelSchema.parse({ catalogModel: "Qwen3-32B", pool: "h100", replicas: { min: 1, max: 2 }, ...changes }),
  );

describe("vllmArguments", () => {
  it("serves the weights under the config's own name and limits", () => {
    expect(flags({ weights: { revision: "v4" }, gpusPerReplica: 2, maxContextTokens: 16384 })).toEqual([
      "Qwen/Qwen3-32B",
      "--served-model-name=chat",
      "--revision=v4",
      "--port=8000",
      "--tensor-parallel-size=2",
      "--max-model-len=16384",
      "--max-num-seqs=256",
      "--gpu-memory-utilization=0.9",
      "--dtype=bfloat16",
      "--enable-prefix-caching",
      "--stream-interval=4",
      "--shutdown-timeout=45",
      "--disable-access-log-for-endpoints=/health,/metrics,/ping",
    ]);
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
});

describe("life of a replica", () => {
  it("gives the drain all the time its steps take", () => {
    expect(GRACE_SECONDS).toBe(75);
    expect(GRACE_SECONDS).toBeGreaterThan(PRE_STOP_SECONDS + SHUTDOWN_SECONDS);
  });

  it("waits longer for larger weights before it gives up", () => {
    expect(startupSeconds(16)).toBe(760);
    expect(startupSeconds(140)).toBe(2000);
    const { failureThreshold, periodSeconds } = probes(140).startupProbe;
    expect(failureThreshold * periodSeconds).toBeGreaterThanOrEqual(startupSeconds(140));
  });
});

describe("needs of a replica", () => {
  it("asks for as many GPUs as the tensor-parallel size, no more and no less", () => {
    const { limits, requests } = resources(8, 140);
    expect(limits).toEqual({ "nvidia.com/gpu": "8" });
    expect(requests).toMatchObject({ "nvidia.com/gpu": "8", cpu: "9" });
  });

  it("counts shared memory into the memory it asks for", () => {
    const shm = storage(4, 60).volumes.find(({ name }) => name === "shm");
    expect(shm?.emptyDir).toEqual({ medium: "Memory", sizeLimit: "8Gi" });
    expect(resources(4, 60).requests).toMatchObject({ memory: "22Gi" });
  });

  it("fits a single-GPU replica on a node of 4 cores and 16 GiB", () => {
    expect(resources(1, 16).requests).toMatchObject({ cpu: "2", memory: "9Gi" });
  });

  it("reserves disk for the files that are downloaded, which are larger when they are quantised while loading", () => {
    expect(downloadGiB(31, "fp8", "Qwen/Qwen3-32B")).toBe(62);
    expect(downloadGiB(31, "fp8", "Qwen/Qwen3-32B-FP8")).toBe(31);
    expect(downloadGiB(16, "int4", "Qwen/Qwen3-32B-AWQ")).toBe(16);
    expect(diskGiB(62)).toBe(79);
  });
});
