import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { CONFIG } from "../sandbox/expectations.ts";

const script = fileURLToPath(new URL("../sandbox/preview.ts", import.meta.url));
const policyConfig = fileURLToPath(new URL("../sandbox/policy-config.json", import.meta.url));

const emptyProject = fileURLToPath(new URL("empty", import.meta.url));

/** One preview as a user runs it: a process of its own, from start to end. */
function preview(...options: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [script, ...options], { stdio: "ignore" });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`the preview ended with status ${code}`))));
  });
}

const prod = ["prod", "--fresh", ...CONFIG.flatMap((entry) => ["--config", entry])];

/** A program without resources, and the production stack without and with the policy pack. */
export const previewCases = {
  "preview of an empty program": () => preview("empty", "--project", emptyProject, "--no-policy"),
  "preview of prod without the pack": () => preview(...prod, "--no-policy"),
  "preview of prod with the pack": () => preview(...prod, "--policy-config", policyConfig),
};
