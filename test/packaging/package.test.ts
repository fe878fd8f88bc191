import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPackage } from "../../packaging/build.ts";
import { openStack, type SandboxStack } from "../../sandbox/workspace.ts";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "../..");
const BUILD_MS = 5 * 60_000;

/** A project of somebody else, in which the packed package is installed beside Pulumi's own SDKs. */
describe("the packed package in another project", () => {
  let project: string;
  beforeAll(async () => {
    project = mkdtempSync(join(tmpdir(), "breakeven-package-"));
    const dist = join(project, "dist");
    buildPackage(dist);
    const { stdout } = await run("npm", ["pack", dist, "--pack-destination", project, "--json"], { cwd: project });
    const [{ filename }] = JSON.parse(stdout);
    const modules = join(project, "node_modules");
    mkdirSync(join(modules, "breakeven"), { recursive: true });
    await run("tar", ["-xzf", join(project, filename), "--strip-components=1", "-C", join(modules, "breakeven")]);
    for (const name of ["@pulumi", "@types", "zod", "yaml"])
      symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
    cpSync(join(ROOT, "examples", "alone"), project, { recursive: true });
    writeFileSync(join(project, "package.json"), JSON.stringify({ type: "module" }));
  }, BUILD_MS);
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it("brings everything it imports, or asks for it", () => {
    const { dependencies, peerDependencies } = JSON.parse(
      readFileSync(join(project, "node_modules", "breakeven", "package.json"), "utf8"),
    );
    expect(Object.keys({ ...dependencies, ...peerDependencies }).sort()).toEqual([
      "@pulumi/aws",
      "@pulumi/kubernetes",
      "@pulumi/policy",
      "@pulumi/pulumi",
      "@pulumi/random",
      "yaml",
      "zod",
    ]);
  });

  it("types the example program and its test", async () => {
    const options = {
      extends: join(ROOT, "tsconfig.json"),
      compilerOptions: { skipLibCheck: false, types: ["node"] },
      files: ["index.ts", "stack.test.ts"],
      include: [],
    };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify(options));
    const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const { stdout } = await run(process.execPath, [tsc, "--project", project, "--skipLibCheck"]).catch(
      (error) => error,
    );
    expect(stdout).toBe("");
  });

  it("deploys one component alone, every resource of it within reach of transforms", async () => {
    const stack: SandboxStack = await openStack({ stackName: "dev", projectDir: project, log: () => undefined });
    try {
      expect(await stack.up()).toMatchObject({ verdict: "ok", errors: [] });
      const objects = (await stack.resources()).filter(
        ({ type, outputs }) => type.startsWith("kubernetes:") && outputs,
      );
      const parts = objects.filter(({ urn }) => urn.includes("breakeven:index:VllmService$"));
      expect(parts.length).toBeGreaterThan(4);
      for (const { urn, inputs } of parts)
        expect(inputs, urn).toMatchObject({ metadata: { annotations: { "example.com/team": "chat" } } });
    } finally {
      stack.close();
    }
  });

  it("tests stacks with the kit, under the runner of Node.js", async () => {
    const { stdout } = await run(process.execPath, ["--test", "--test-reporter=tap", "stack.test.ts"], {
      cwd: project,
    });
    expect(stdout).toMatch(/^# pass 2$/m);
    expect(stdout).toMatch(/^# fail 0$/m);
  });

  it("is what the documentation shows", () => {
    for (const [page, file] of [
      ["components.md", "index.ts"],
      ["testing.md", "stack.test.ts"],
    ] as const) {
      const shown = readFileSync(join(ROOT, "docs", page), "utf8");
      expect(shown, page).toContain(readFileSync(join(ROOT, "examples", "alone", file), "utf8").trim());
    }
  });

  it("holds a policy pack that the engine runs", async () => {
    const policyPacks = [{ dir: join(project, "node_modules", "breakeven", "policies") }];
    const stack = await openStack({ stackName: "dev", projectDir: project, policyPacks, log: () => undefined });
    try {
      const { errors, text } = await stack.preview();
      expect(errors).toEqual([]);
      expect(text).toContain("breakeven@v");
    } finally {
      stack.close();
    }
  });
});
