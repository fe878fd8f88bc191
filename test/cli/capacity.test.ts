import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { breakeven } from "./program.ts";

const one = [
  "capacity",
  "--model",
  "Qwen/Qwen3-32B",
  "--gpu",
  "H100-SXM",
  "--tp",
  "2",
  "--isl",
  "1024",
  "--osl",
  "512",
];

describe("breakeven capacity", () => {
  it("prints what a number of clients gets", async () => {
    const { code, out } = await breakeven(...one, "--concurrency", "64");
    expect(code).toBe(0);
    await expect(out).toMatchFileSnapshot("golden/capacity-concurrency.txt");
  });

  it("prints the rate that keeps latency targets", async () => {
    const { code, out } = await breakeven(...one, "--ttft-ms", "2000", "--tpot-ms", "50");
    expect(code).toBe(0);
    await expect(out).toMatchFileSnapshot("golden/capacity-targets.txt");
  });

  it("turns a peak into replicas and nodes", async () => {
    const { out } = await breakeven(
      ...[...one, "--ttft-ms", "2000", "--tpot-ms", "50", "--peak-rps", "40", "--gpus-per-node", "4"],
    );
    await expect(out).toMatchFileSnapshot("golden/capacity-peak.txt");
  });

  it("serves more when prompts are found in the cache, at any load", async () => {
    const rate = async (...load: string[]): Promise<number> => {
      const { out } = await breakeven(...one, ...load, "--json");
      const { outputTokensPerSecond, requestsPerSecond } = JSON.parse(out);
      return outputTokensPerSecond ?? requestsPerSecond.median;
    };
    for (const load of [["--concurrency", "64"], [], ["--ttft-ms", "2000", "--tpot-ms", "50"]])
      expect(await rate(...load, "--prefix-cache", "0.9")).toBeGreaterThan(await rate(...load));
  });

  it("ends well when its reader has seen enough", async () => {
    const directory = mkdtempSync(join(tmpdir(), "cases-"));
    const cases = join(directory, "cases.csv");
    writeFileSync(
      cases,
      `engine,model,gpu,osl,concurrency\n${"vllm,Meta-Llama-3.1-8B-Instruct,L4,99,4\n".repeat(20_000)}`,
    );
    const program = join(import.meta.dirname, "../../cli/breakeven.mjs");
    const command = `set -o pipefail; "$0" "${program}" capacity --cases "${cases}" | head -1`;
    const { stdout, stderr } = await promisify(execFile)("bash", ["-c", command, process.execPath]);
    expect(stdout).toMatch(/^engine,model/);
    expect(stderr).toBe("");
  });

  it("prints JSON", async () => {
    const { out } = await breakeven(...one, "--concurrency", "64", "--json");
    expect(JSON.parse(out)).toMatchObject({ evidence: { tier: "A" }, sequences: 64 });
  });

  it.each([
    [["capacity", "--gpu", "L4"], 2, "--model is missing"],
    [
      [...one, "--concurrency", "8", "--ttft-ms", "9", "--tpot-ms", "9"],
      2,
      "give --concurrency or latency targets, not both",
    ],
    [[...one, "--tpot-ms", "9"], 2, "give both --ttft-ms and --tpot-ms"],
    [[...one, "--colour"], 2, "--colour"],
    [[...one, "--precision", "fp3"], 2, "--precision fp3 is not known; known: bf16, fp8"],
    [[...one, "--tp", "1.5"], 2, "--tp 1.5: expected a whole number from 1"],
    [[...one, "--gpus", "3"], 1, "3 GPUs do not divide into replicas of 2"],
    [[...one, "--peak-rps", "3"], 2, "--peak-rps needs --ttft-ms and --tpot-ms"],
    [[...one, "--prefix-cache", "1.2"], 2, "--prefix-cache 1.2 is not a share"],
    [[...one, "--tp", "3"], 1, "64 attention heads do not divide over 3 GPUs"],
    [["capacity", "--cases", "nowhere.csv"], 1, "nowhere.csv"],
    [
      ["guess"],
      2,
      'unknown command "guess"; known: check, plan, report, capacity, measure, prices, recheck, sources, images',
    ],
    [[...one.slice(0, 3), "--gpu", "H101", "--isl", "8", "--osl", "8"], 1, 'unknown GPU "H101"'],
    [
      ["capacity", "--model", "Llama-3.1-405B", "--gpu", "L4", "--isl", "8", "--osl", "8"],
      1,
      "64 GPUs per replica would fit",
    ],
  ])("%j ends with code %d and says why", async (args, code, reason) => {
    const got = await breakeven(...args);
    expect(got.code).toBe(code);
    expect(got.err).toContain(reason);
  });

  it("appends predictions to the rows of a file, and a reason where there is none", async () => {
    const directory = mkdtempSync(join(tmpdir(), "cases-"));
    const [cases, out] = [join(directory, "cases.csv"), join(directory, "out.csv")];
    writeFileSync(
      cases,
      [
        "id,engine,version,model,precision,gpu,gpus,tp,isl,osl,concurrency,remark",
        'r1,vLLM,v0.12.0,Qwen/Qwen3-32B,BF16,H100-SXM,2,2,1024,512,64,"a ""quoted"", remark"',
        "r2,vllm,,No-Such-Model,fp8,H100-SXM,1,1,128,128,8,",
        "r3,trtllm,,Llama-3.1-8B,FP8,H100-SXM,1,1,1000,1000,max-throughput,",
        "",
      ].join("\r\n"),
    );
    const { code, err } = await breakeven("capacity", "--cases", cases, "--out", out);
    expect(code).toBe(0);
    expect(err).toBe("3 rows, 1 without a prediction\n");
    const [header, first, second, third] = readFileSync(out, "utf8").split("\n");
    expect(header).toBe(
      "id,engine,version,model,precision,gpu,gpus,tp,isl,osl,concurrency,remark,predicted_output_tps,predicted_ttft_ms,predicted_tpot_ms,tier,error_p90,error",
    );
    expect(first).toMatch(
      /^r1,vLLM,v0\.12\.0,Qwen\/Qwen3-32B,BF16,H100-SXM,2,2,1024,512,64,"a ""quoted"", remark",[\d.]+,[\d.]+,[\d.]+,A,0\.\d+,$/,
    );
    expect(second).toMatch(/^r2,.*,,,,,,,"?unknown model ""?No-Such-Model/);
    expect(third).toMatch(/^r3,.*,[\d.]+,[\d.]+,[\d.]+,A,0\.\d+,$/);
  });

  it("refuses a file without the needed columns", async () => {
    const cases = join(mkdtempSync(join(tmpdir(), "cases-")), "cases.csv");
    writeFileSync(cases, "model,gpu\nx,y\n");
    const { code, err } = await breakeven("capacity", "--cases", cases);
    expect(code).toBe(1);
    expect(err).toContain("the header has no column engine, osl, concurrency");
  });
});
