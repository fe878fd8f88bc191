import { describe, expect, it } from "vitest";
import {
  GRACE_SECONDS,
  PRE_STOP_SECONDS,
  probes,
  progressDeadlineSeconds,
  SHUTDOWN_SECONDS,
  startupSeconds,
} from "../../components/vllm/lifecycle.ts";
import { diskGiB, resources, storage } from "../../components/vllm/resources.ts";
import { modelSchema } from "../../config/model.ts";
import { poolSchema } from "../../config/pool.ts";
import { startUp, startUpText, totalSeconds } from "../../config/start-up.ts";
import { downloadGiB } from "../../config/weight-files.ts";

const pool = (startUp: object = {}) =>
  poolSchema.parse({ hardware: { kind: "instance", instanceType: "p5.48xlarge" }, maxNodes: 1, startUp }).startUp;
const model = (weights: object = {}) =>
  modelSchema.parse({ catalogModel: "Qwen3-32B", pool: "h100", replicas: { min: 1, max: 2 }, weights });
const start = (filesGiB: number, weights: object = {}, assumptions: object = {}) =>
  startUp(model(weights), pool(assumptions), filesGiB);

describe("start of a replica", () => {
  it("is told step by step", () => {
    expect(startUpText(start(62))).toBe("node 300 s + image 250 s + weights 620 s + compile 300 s = 1470 s");
  });

  it("is fastest from S3, slower from a volume or an image, slowest from the hub", () => {
    const image = { image: "registry.example.com/weights/qwen:v4" };
    const weights = [{ s3Uri: "s3://weights/qwen" }, image, {}].map((source) => start(100, source).weights);
    expect(weights).toEqual([104, 345, 1000]);
  });

  it("takes a measured speed for whatever source there is", () => {
    expect(start(100, {}, { weightsGiBPerSecond: 2 }).weights).toBe(50);
  });
});

describe("life of a replica", () => {
  it("gives the drain all the time its steps take", () => {
    expect(GRACE_SECONDS).toBe(75);
    expect(GRACE_SECONDS).toBeGreaterThan(PRE_STOP_SECONDS + SHUTDOWN_SECONDS);
  });

  it("waits longer for larger weights before it gives up, and half as long again as planned", () => {
    expect(startupSeconds(start(16))).toBe(690);
    expect(startupSeconds(start(140))).toBe(2550);
    expect(startupSeconds(start(140), 3000)).toBe(3000);
    const { failureThreshold, periodSeconds } = probes(start(140)).startupProbe;
    expect(failureThreshold * periodSeconds).toBeGreaterThanOrEqual(startupSeconds(start(140)));
  });

  it("lets a roll-out wait for a node, the image and the start", () => {
    expect(progressDeadlineSeconds(start(140))).toBeGreaterThan(totalSeconds(start(140)));
  });
});

describe("needs of a pod", () => {
  const shape = (gpus: number, filesGiB = 0, efaInterfaces = 0) => ({ gpus, filesGiB, efaInterfaces });

  it("asks for as many GPUs as it holds of the replica, no more and no less", () => {
    const { limits, requests } = resources(shape(8, 140));
    expect(limits).toEqual({ "nvidia.com/gpu": "8" });
    expect(requests).toMatchObject({ "nvidia.com/gpu": "8", cpu: "9" });
  });

  it("asks for network adapters only where it talks to other nodes", () => {
    expect(resources(shape(8, 0, 32)).limits).toEqual({ "nvidia.com/gpu": "8", "vpc.amazonaws.com/efa": "32" });
  });

  it("counts shared memory into the memory it asks for", () => {
    const shm = storage(shape(4, 60)).volumes.find(({ name }) => name === "shm");
    expect(shm?.emptyDir).toEqual({ medium: "Memory", sizeLimit: "8Gi" });
    expect(resources(shape(4, 60)).requests).toMatchObject({ memory: "22Gi" });
  });

  it("fits a single-GPU replica on a node of 4 cores and 16 GiB", () => {
    expect(resources(shape(1, 16)).requests).toMatchObject({ cpu: "2", memory: "9Gi" });
  });

  it("reserves disk for the files that are downloaded, which are larger when they are quantised while loading", () => {
    expect(downloadGiB(31, "fp8", "Qwen/Qwen3-32B")).toBe(62);
    expect(downloadGiB(31, "fp8", "Qwen/Qwen3-32B-FP8")).toBe(31);
    expect(downloadGiB(16, "int4", "Qwen/Qwen3-32B-AWQ")).toBe(16);
    expect(diskGiB(62)).toBe(79);
  });
});
