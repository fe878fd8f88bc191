import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { type EngineSource, EngineUnavailableError, type Obtained, obtainEngine } from "../../sandbox/engine.ts";
import {
  buildEngine,
  cachedEngine,
  downloadEngine,
  installedEngine,
  pinnedVersion,
} from "../../sandbox/engine-sources.ts";

const silent = (): void => {};
const command = (obtained: Obtained): string => (obtained.ok ? obtained.command.command : obtained.reason);

function source(name: string, asked: string[], hasEngine: boolean): EngineSource {
  return {
    name,
    obtain: async () => {
      asked.push(name);
      const engine = { command: name } as Extract<Obtained, { ok: true }>["command"];
      return hasEngine ? { ok: true, command: engine } : { ok: false, reason: `${name} has none` };
    },
  };
}

describe("obtaining an engine", () => {
  it("asks the sources in turn and stops at the first that has one", async () => {
    const asked: string[] = [];
    const sources = [source("first", asked, false), source("second", asked, true), source("third", asked, true)];
    expect((await obtainEngine({ log: silent, sources })).command).toBe("second");
    expect(asked).toEqual(["first", "second"]);
  });

  it("says why every source failed and names the three ways out", async () => {
    const sources = [source("first", [], false), source("second", [], false)];
    const error = await obtainEngine({ log: silent, sources }).catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(EngineUnavailableError);
    const { message } = error as Error;
    for (const part of ["first has none", "second has none", "on PATH", "internet", "install Go 1.25"]) {
      expect(message).toContain(part);
    }
  });

  it("prefers the engine named in BREAKEVEN_PULUMI", async () => {
    const env = { BREAKEVEN_PULUMI: "/opt/my-pulumi", PATH: "" };
    expect(command(await installedEngine(silent, env, async () => "v3.250.0"))).toBe("/opt/my-pulumi");
  });

  it("passes over an installed engine that is too old, and says so", async () => {
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    const obtained = await installedEngine(log, { BREAKEVEN_PULUMI: "/old/pulumi" }, async () => "v3.249.9");
    expect(obtained.ok).toBe(false);
    expect(lines.join()).toContain("/old/pulumi is version 3.249.9, older than 3.250.0");
  });

  it("passes over an executable that does not run or tells no version", async () => {
    const env = { BREAKEVEN_PULUMI: "/broken" };
    expect(command(await installedEngine(silent, env, async () => Promise.reject(new Error("ENOEXEC"))))).toContain(
      "/broken does not run: ENOEXEC",
    );
    expect(command(await installedEngine(silent, env, async () => "hello"))).toContain('"hello"');
  });

  it("has nothing cached, no download and no build where folder, internet and Go are missing", async () => {
    expect(command(await cachedEngine(silent, "/nonexistent"))).toContain("does not exist yet");
    expect(command(await downloadEngine(silent, async () => false))).toContain("did not answer");
    expect(command(await installedEngine(silent, { PATH: "/nonexistent" }))).toContain("no `pulumi` on PATH");
    expect(command(await buildEngine(silent, ""))).toContain("no `go` on PATH");
  });

  it("pins the engine to the version of the SDK", () => {
    expect(pinnedVersion()).toBe(createRequire(import.meta.url)("@pulumi/pulumi/package.json").version);
  });
});
