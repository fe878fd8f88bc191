import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const script = fileURLToPath(new URL("../../sandbox/preview.ts", import.meta.url));
const project = fileURLToPath(new URL("fixture", import.meta.url));
const RUN_MS = 60_000;

function preview(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
}

describe("the preview command", () => {
  it(
    "refuses wrong usage with exit status 2 and the ways out",
    async () => {
      const missing = await preview("nope", "--project", project);
      expect(missing.code).toBe(2);
      expect(missing.stderr).toContain("stacks with a file here: big, huge, late, small, typo");
      expect((await preview("small", "--skip-preview")).stderr).toContain("--skip-preview needs --up");
      expect((await preview("small", "--plan", "plan.json", "--up")).stderr).toContain(
        "--plan previews and writes a file",
      );
      expect((await preview("small", "--colour=never")).code).toBe(2);
      expect((await preview("--help")).stdout).toContain("Usage:");
    },
    RUN_MS,
  );

  it(
    "ends when a callback of apply throws, instead of waiting for the resource that needs it",
    async () => {
      const { code, stdout } = await preview("late", "--project", project, "--no-policy", "--json");
      expect(code).toBe(1);
      const outcome = JSON.parse(stdout);
      expect(outcome).toMatchObject({ stack: "late", operation: "preview", verdict: "failed" });
      expect(outcome.errors[0]).toContain("a callback of apply failed");
    },
    RUN_MS,
  );
});
