import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadCatalog } from "../../catalog/load.ts";
import { PURCHASE_OPTIONS } from "../../economics/offering.ts";

const DATA = join(import.meta.dirname, "../../catalog/data");
const catalog = loadCatalog();

interface RawFile {
  readonly kind: string;
  readonly rows: readonly Record<string, unknown>[];
}
/** Measurements have a layout and a test of their own: throughput.test.ts. */
const files = readdirSync(DATA)
  .filter((file) => file.endsWith(".json") && file !== "throughput.json")
  .map((file): [string, RawFile, string] => {
    const content = readFileSync(join(DATA, file), "utf8");
    return [file, JSON.parse(content), content];
  });

const onDemandUsd = (region: string, type: string): number => {
  const offering = catalog.offering(region, type, "on-demand");
  if (!offering.ok) throw new Error(offering.reason);
  return offering.value.usd;
};

describe("every data file", () => {
  it.each(files)("%s says its own name and has a source and a real date on every row", (file, { kind, rows }) => {
    expect(file).toBe(`${kind}.json`);
    for (const row of rows) {
      expect(row.source, JSON.stringify(row)).toMatch(/\S/);
      expect(new Date(`${row.date}T00:00:00Z`).toISOString().slice(0, 10), JSON.stringify(row)).toBe(row.date);
    }
  });

  it.each(files)("%s keeps one row per line, so that a changed price is a changed line", (_file, { rows }, content) => {
    expect(content.trimEnd().split("\n")).toHaveLength(rows.length + 2);
  });

  it.each(files)("%s has no two equal rows and no empty, null or zero price", (_file, { rows }) => {
    expect(new Set(rows.map((row) => JSON.stringify(row))).size).toBe(rows.length);
    for (const row of rows) {
      for (const [field, value] of Object.entries(row)) {
        expect(value, `${field} of ${JSON.stringify(row)}`).not.toBeNull();
        expect(value, `${field} of ${JSON.stringify(row)}`).not.toBe("");
        if (/usd/i.test(field) && typeof value === "number") expect(value).toBeGreaterThan(0);
      }
    }
  });
});

describe("EC2 prices", () => {
  it("are those since June 2025, not the dead ones that are still quoted", () => {
    expect(onDemandUsd("us-east-1", "p5.48xlarge")).toBe(55.04);
    expect(onDemandUsd("us-east-1", "p4d.24xlarge")).toBe(21.957642);
    for (const { usd } of catalog.offerings) expect([98.32, 32.77, 32.7726]).not.toContain(usd);
  });

  it("cover every GPU type in two regions or more, except the new g7 family", () => {
    for (const { name } of catalog.instanceTypes.filter((type) => type.gpu !== undefined)) {
      const regions = new Set(
        catalog.offerings.filter((offering) => offering.instanceType === name).map(({ region }) => region),
      );
      expect(regions.size, name).toBeGreaterThanOrEqual(name.startsWith("g7.") ? 1 : 2);
    }
  });

  it("use only known purchase options, once per type, region and option", () => {
    const keys = catalog.offerings.map(({ instanceType, region, purchase }) => `${instanceType} ${region} ${purchase}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { purchase } of catalog.offerings) expect(PURCHASE_OPTIONS).toContain(purchase);
  });

  it("make no commitment or capacity block dearer than on demand, and three years no dearer than one", () => {
    for (const { region, instanceType, purchase, usd } of catalog.offerings) {
      const onDemand = catalog.offering(region, instanceType, "on-demand");
      if (onDemand.ok) expect(usd, `${instanceType} ${region} ${purchase}`).toBeLessThanOrEqual(onDemand.value.usd);
      const oneYear = catalog.offering(region, instanceType, "commit-1y");
      if (purchase === "commit-3y" && oneYear.ok) expect(usd).toBeLessThan(oneYear.value.usd);
    }
  });

  it("take the newest date among the sources that state the figure", () => {
    expect(catalog.offering("us-east-1", "p5.48xlarge", "on-demand")).toMatchObject({ value: { date: "2026-09-25" } });
    expect(catalog.offering("us-east-1", "p5.48xlarge", "capacity-block")).toMatchObject({
      value: { usd: 41.528, date: "2026-09-25" },
    });
    expect(catalog.offering("us-east-1", "g5.xlarge", "on-demand")).toMatchObject({ value: { date: "2026-07-20" } });
    expect(catalog.offering("eu-north-1", "p5.48xlarge", "capacity-block")).toMatchObject({
      value: { usd: 37.76, date: "2026-07-22" },
    });
  });
});

describe("instance types", () => {
  it("say how many GPUs they have, fractions for shared ones, none for CPU types", () => {
    const gpus = (name: string) => catalog.instanceTypes.find((type) => type.name === name);
    expect(gpus("p4d.24xlarge")).toMatchObject({ gpu: "A100-40-SXM", gpuCount: 8, gpuMemoryGiB: 40 });
    expect(gpus("p4de.24xlarge")).toMatchObject({ gpu: "A100-80-SXM", gpuCount: 8, gpuMemoryGiB: 80 });
    expect(gpus("g6f.xlarge")).toMatchObject({ gpu: "L4", gpuCount: 0.125 });
    expect(gpus("gr6f.4xlarge")).toMatchObject({ gpu: "L4", gpuCount: 0.5 });
    expect(gpus("m7g.xlarge")).toMatchObject({ gpuCount: 0, vcpu: 4, memoryGiB: 16 });
    expect(gpus("m7g.xlarge")?.gpu).toBeUndefined();
  });

  it("name GPUs of the catalogue, except two it has no facts about", () => {
    const unknown = catalog.instanceTypes.flatMap(({ gpu }) => (gpu === undefined || catalog.gpu(gpu).ok ? [] : [gpu]));
    expect([...new Set(unknown)]).toEqual(["RTX-PRO-4500", "V100"]);
  });
});

describe("service prices", () => {
  it.each([
    ["eks-control-plane-hour", 0.1],
    ["alb-hour", 0.0225],
    ["nat-gateway-gb", 0.045],
    ["ebs-gp3-gb-month", 0.08],
    ["public-ipv4-hour", 0.005],
    ["transfer-out-gb", 0.09],
    ["eks-auto-mode-fraction", 0.12],
  ])("%s in us-east-1 is %d", (sku, usd) => {
    expect(catalog.service(sku, "us-east-1")).toMatchObject({ ok: true, value: { usd } });
  });
});
