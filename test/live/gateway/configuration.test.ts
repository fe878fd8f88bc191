import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gatewayFiles } from "../../../components/gateway/files.ts";
import { obtainPython } from "../../../sandbox/gateway/python.ts";
import { apiOnly, hybrid, restricted } from "../../components/gateway/plans.ts";

const run = promisify(execFile);

describe("LiteLLM's own check of a configuration", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "breakeven-configuration-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** `litellm --validate_config` on these files; its status and what it printed. */
  async function check(files: Readonly<Record<string, string>>): Promise<{ status: number; text: string }> {
    const { litellm } = await obtainPython();
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    return run(litellm, [`--config=${join(folder, "config.yaml")}`, "--validate_config"], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        GATEWAY_MAX_BODY_MIB: "8",
        LITELLM_LOCAL_MODEL_COST_MAP: "True",
        LITELLM_MASTER_KEY: "sk-nobody-holds-this-key",
        VLLM_API_KEY: "key-of-vllm",
        COMMERCIAL_KEY_OPENAI: "sk-fake",
        COMMERCIAL_KEY_ANTHROPIC: "sk-fake",
        COMMERCIAL_KEY_GOOGLE: "sk-fake",
      },
    }).then(
      ({ stdout }) => ({ status: 0, text: stdout }),
      ({ code, stderr }) => ({ status: code as number, text: String(stderr) }),
    );
  }

  it.each(Object.entries({ hybrid, "api-only": apiOnly, restricted }))("passes a %s platform", async (_, plan) => {
    const { status, text } = await check(gatewayFiles(plan));
    expect(text).toContain("config OK");
    expect(status).toBe(0);
  });

  it.each([
    ["a plug-in that is not there", "gwpolicy.policy", "gwpolicies.policy"],
    ["a setting of the wrong kind", "allowed_fails: 1", "allowed_fails: [one"],
    ["a fallback of the wrong kind", "num_retries: 0", "fallbacks: nobody"],
  ])("refuses %s", async (_, good, bad) => {
    const files = gatewayFiles(hybrid);
    expect(files["config.yaml"]).toContain(good);
    const { status, text } = await check({ ...files, "config.yaml": files["config.yaml"]?.replace(good, bad) ?? "" });
    expect(text).toContain("config validation failed");
    expect(status).toBe(1);
  });
});
