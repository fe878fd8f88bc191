import { describe, expect, it } from "vitest";
import type { PlatformInput } from "../../config/platform.ts";
import { ofType, onlyOf, policyViolations, type RecordedResource, recordPlatform } from "../../testing/index.ts";
import { stackFiles } from "../config/stack-files.ts";

const TODAY = "2026-11-21";

function committed(stack: string, change: (raw: PlatformInput) => void = () => undefined): PlatformInput {
  const raw = structuredClone(
    stackFiles.find(({ file }) => file === `Pulumi.${stack}.yaml`)?.platform,
  ) as PlatformInput;
  change(raw);
  return raw;
}

const mandatory = async (resources: readonly RecordedResource[]) =>
  (await policyViolations(resources, { today: TODAY })).filter(({ enforcement }) => enforcement === "mandatory");

describe("recording a platform", () => {
  it("fills in the config's defaults and records every resource with its component", async () => {
    const { config, resources } = await recordPlatform(committed("prod"));
    expect(config.gateway.replicas).toBeGreaterThan(0);
    expect(ofType(resources, "NodeGroup").map(({ parent }) => parent)).toContain("breakeven-h100");
    expect(onlyOf(resources, "aws:eks/cluster:Cluster").provider).toBe("breakeven-aws");
  });

  it("throws with every problem of the config at once", async () => {
    const broken = committed("prod", (raw) => {
      Object.assign(raw, { environment: "production", operations: {} });
    });
    await expect(recordPlatform(broken)).rejects.toThrow(/environment[\s\S]*engineerUsdPerHour/);
  });

  it("lets transforms reach every resource", async () => {
    const seen = new Set<string>();
    const { resources } = await recordPlatform(committed("prod"), {
      resourceOptions: {
        transformations: [
          ({ type, name }) => {
            seen.add(`${type} ${name}`);
            return undefined;
          },
        ],
      },
    });
    expect(resources.map(({ type, name }) => `${type} ${name}`).filter((name) => !seen.has(name))).toEqual([]);
  });

  it.each(["prod", "onprem", "dev"])("names resources of %s as ever: a name is an API", async (stack) => {
    const { resources } = await recordPlatform(committed(stack));
    const names = resources.map(({ type, name, parent }) => `${parent ?? "-"} > ${type} ${name}`);
    await expect(`${names.sort().join("\n")}\n`).toMatchFileSnapshot(`golden/resource-names.${stack}.txt`);
  });
});

describe("the policies on recorded resources", () => {
  it("accept the production stack, and block it on three times its fleet", async () => {
    const { resources } = await recordPlatform(committed("prod"));
    expect(await mandatory(resources)).toEqual([]);
    const overbuilt = await recordPlatform(committed("overbuilt"));
    expect((await mandatory(overbuilt.resources)).map(({ policy }) => policy)).toContain("cheaper-than-api");
  });

  it("say the same of a preview, in which ids and outputs are unknown", async () => {
    const { resources } = await recordPlatform(committed("prod"), { preview: true });
    expect(await mandatory(resources)).toEqual([]);
  });

  it("block what has no price", async () => {
    const { resources } = await recordPlatform(committed("prod"));
    const database = { ...onlyOf(resources, "aws:eks/cluster:Cluster"), type: "aws:rds/instance:Instance", name: "db" };
    expect(await mandatory([...resources, database])).toContainEqual({
      policy: "every-resource-priced",
      enforcement: "mandatory",
      message: expect.stringContaining('"db" has no price'),
    });
  });

  it("obey the platform owner", async () => {
    const { resources } = await recordPlatform(committed("prod"));
    const policyConfig = { "prices-are-fresh": { blockAfterDays: 50 } };
    const violations = await policyViolations(resources, { today: TODAY, policyConfig });
    expect(violations[0]).toMatchObject({ policy: "prices-are-fresh", enforcement: "mandatory" });
  });
});
