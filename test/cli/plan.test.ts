import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { breakeven } from "./program.ts";

const QUESTION = `# What support asks of us.
config:
  breakeven:platform:
    environment: prod
    cluster:
      kind: eks
      region: us-east-1 # where the data is
    tasks:
      chat:
        requestsPerDay: 600000
        inputTokensPerRequest: 1800
        outputTokensPerRequest: 300
        apiModel: openai/gpt-6.1-terra
    operations:
      engineerUsdPerHour: 95
`;
const NARROW = ["--model", "Qwen3-32B", "--precision", "fp8", "--purchase", "commit-1y", "--today", "2026-11-21"];

function question(text = QUESTION): { file: string; directory: string } {
  const directory = mkdtempSync(join(tmpdir(), "plan-"));
  const file = join(directory, "Pulumi.ask.yaml");
  writeFileSync(file, text);
  return { file, directory };
}

describe("breakeven plan", () => {
  it("prints the front, why the others lost, and writes a stack file whose verdict is the plan's", async () => {
    const { file, directory } = question();
    const written = join(directory, "Pulumi.planned.yaml");
    const { code, out } = await breakeven("plan", file, ...NARROW, "--write", written);
    expect(code).toBe(0);
    await expect(out).toMatchFileSnapshot("golden/plan.txt");

    const text = readFileSync(written, "utf8");
    expect(text).toContain("# What support asks of us.");
    expect(text).toContain("region: us-east-1 # where the data is");
    const planned = JSON.parse((await breakeven("plan", file, ...NARROW, "--json")).out);
    const checked = JSON.parse((await breakeven("check", written, "--today", "2026-11-21", "--json")).out);
    expect(checked.owningUsdPerMonth).toBeCloseTo(planned.front[0].usdPerMonth, 6);
    expect(planned.schema).toBe("breakeven/plan/v1");
    expect(planned.front[0].groups).toMatchObject([{ model: "Qwen3-32B", tasks: ["chat"] }]);
  });

  it("answers with 3, says why and writes nothing when no plan serves the tasks", async () => {
    const restricted = QUESTION.replace("        apiModel: openai/gpt-6.1-terra\n", "        dataClass: restricted\n");
    const { file, directory } = question(restricted);
    const written = join(directory, "Pulumi.planned.yaml");
    const { code, out } = await breakeven("plan", file, ...NARROW, "--ttft-ms", "1", "--write", written);
    expect(code).toBe(3);
    expect(out).toContain("No plan serves these tasks within their targets.");
    expect(out).toMatch(
      /Qwen3-32B on H100-SXM +8 GPUs per replica: the first token takes \d+ ms, above the target of 1 ms/,
    );
    expect(() => readFileSync(written)).toThrow();
  });

  it.each([
    [["--model", "Qwen3-33B"], 2, '--model: unknown model "Qwen3-33B"; nearest known: Qwen3-32B'],
    [["--precision", "fp3"], 2, "--precision fp3 is not known; known: bf16"],
    [["--region", "us-moon-1"], 2, "--region us-moon-1 is not known; known: us-east-1"],
    [["--share", "1.5"], 2, "--share 1.5: expected 0 to 1, above 0"],
    [["--max-nodes", "0"], 2, "--max-nodes 0: expected a whole number from 1"],
    [["--today", "soon"], 2, "--today soon is not a day"],
    [["--write", "/nowhere/at/all.yaml"], 1, "its folder does not exist"],
  ])("%j ends with code %d and says why", async (args, code, reason) => {
    const got = await breakeven("plan", question().file, ...NARROW, ...args);
    expect(got.err).toContain(reason);
    expect(got.code).toBe(code);
  });

  it("reports what is wrong with the question itself", async () => {
    const { file } = question(QUESTION.replace("600000", "-1"));
    const { code, err } = await breakeven("plan", file);
    expect(code).toBe(1);
    expect(err).toContain("tasks.chat.requestsPerDay: -1 is not allowed");
  });
});
