import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { CONFIG } from "../sandbox/expectations.ts";

const script = fileURLToPath(new URL("../sandbox/preview.ts", import.meta.url));
const policyConfig = fileURLToPath(new URL("../sandbox/policy-config.json", import.meta.url));

/** One preview of the production stack as a user runs it: a process of its own, from start to end. */
function preview(...options: readonly string[]): Promise<void> {
  const config = CONFIG.flatMap((entry) => ["--config", entry]);
  const child = spawn(process.execPath, [script, "prod", "--fresh", ...config, ...options], { stdio: "ignore" });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`the preview ended with status ${code}`))));
  });
}

/** The same preview without and with the policy pack. */
export const previewCases = {
  "preview of prod without the pack": () => preview("--no-policy"),
  "preview of prod with the pack": () => preview("--policy-config", policyConfig),
};
