import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { MissingStackError, SECRET_PLACEHOLDER, stackNames, writeStackFiles } from "../../sandbox/stack-files.ts";

let projectDir: string;
beforeEach(() => {
  projectDir = mkdtempSync(join(tmpdir(), "stack-files-"));
  writeFileSync(join(projectDir, "Pulumi.yaml"), "name: p\nruntime: nodejs\nmain: index.ts\nbackend: {url: s3://b}\n");
});
afterEach(() => rmSync(projectDir, { recursive: true }));

function copy(settings: string, config: Record<string, string> = {}) {
  const configFile = join(projectDir, "Pulumi.prod.yaml");
  writeFileSync(configFile, settings);
  const workDir = join(projectDir, "work");
  const replaced = writeStackFiles(workDir, { projectDir, stackName: "prod", configFile, config });
  const read = (file: string) => parse(readFileSync(join(workDir, file), "utf8"));
  return {
    replaced,
    copied: readFileSync(join(workDir, "Pulumi.prod.yaml"), "utf8"),
    settings: read("Pulumi.prod.yaml"),
    project: read("Pulumi.yaml"),
    original: readFileSync(configFile, "utf8"),
  };
}

describe("the sandbox's copies of the settings", () => {
  it("keep the configuration and leave the original alone", () => {
    const text = "config:\n  p:platform: { name: prod, pools: [{ nodes: 2 }] }\n";
    const { settings, original } = copy(text);
    expect(settings).toEqual({ config: { "p:platform": { name: "prod", pools: [{ nodes: 2 }] } } });
    expect(original).toBe(text);
  });

  it("keep quotes, without which the engine reads a date as a time", () => {
    const text = 'config:\n  p:evidence:\n    date: "2026-11-01"\n    share: 0.10 # measured\n';
    expect(copy(text).copied).toBe(text);
  });

  it("take values on top, by path", () => {
    const { settings } = copy("config:\n  p:keys: { a: x }\n", { "p:keys.b": "y", "p:region": "z" });
    expect(settings).toEqual({ config: { "p:keys": { a: "x", b: "y" }, "p:region": "z" } });
  });

  it("replace encrypted values, at every depth, and drop the key that would open them", () => {
    const { settings, replaced } = copy(
      "encryptionsalt: v1:x\nconfig:\n  p:key: { secure: abc }\n  p:list: [{ token: { secure: abc } }]\n",
    );
    expect(settings).toEqual({
      config: { "p:key": SECRET_PLACEHOLDER, "p:list": [{ token: SECRET_PLACEHOLDER }] },
    });
    expect(replaced).toEqual(["config.p:key", "config.p:list[0].token"]);
  });

  it("keep the project's name and replace its backend and plugins", () => {
    const { project } = copy("config: {}\n");
    expect(project).toMatchObject({ name: "p", runtime: "nodejs", main: projectDir });
    expect(project).not.toHaveProperty("backend");
    expect(project.plugins.providers.map(({ name }: { name: string }) => name)).toEqual([
      "aws",
      "kubernetes",
      "random",
    ]);
  });

  it("name the existing stacks when one is missing", () => {
    writeFileSync(join(projectDir, "Pulumi.dev.yaml"), "config: {}\n");
    const configFile = join(projectDir, "Pulumi.nope.yaml");
    const write = () => writeStackFiles(join(projectDir, "work"), { projectDir, stackName: "nope", configFile });
    expect(write).toThrow(MissingStackError);
    expect(write).toThrow(/stacks with a file here: dev/);
    expect(stackNames(projectDir)).toEqual(["dev"]);
  });
});
