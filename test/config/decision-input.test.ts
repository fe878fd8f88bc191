import { describe, expect, it } from "vitest";
import { loadCatalog } from "../../catalog/load.ts";
import { decisionInput } from "../../config/decision-input.ts";
import { declaredItems, gatewayCount, ownedUsdPerNodeHour } from "../../config/declared-items.ts";
import { stackConfig, TODAY } from "../policies/graphs.ts";

const catalog = loadCatalog();

const elastic = (autoscaler: "none" | "provided") =>
  stackConfig("prod", (raw) => {
    Object.assign(raw.pools?.["h100"] ?? {}, { scaling: "elastic", autoscaler, minNodes: 1, maxNodes: 4 });
    Object.assign(raw.pools?.["h100"]?.hardware ?? {}, { purchase: "on-demand" });
    Object.assign(raw.models?.["support"] ?? {}, { replicas: { min: 4, max: 32 } });
  });

describe("an elastic pool", () => {
  it("that nothing scales is billed at its maximum and serves with its fewest replicas", () => {
    const config = elastic("none");
    const { items, models } = decisionInput(config, declaredItems(config), catalog, TODAY);
    expect(items.find((item) => item.kind === "nodes" && item.pool === "h100")).toMatchObject({
      scaling: "fixed",
      maxNodes: 4,
    });
    expect(models[0]).toMatchObject({ minReplicas: 4, maxReplicas: 4 });
  });

  it("with an autoscaler follows demand", () => {
    const config = elastic("provided");
    const { items, models } = decisionInput(config, declaredItems(config), catalog, TODAY);
    expect(items.find((item) => item.kind === "nodes" && item.pool === "h100")).toMatchObject({
      scaling: "elastic",
      minNodes: 1,
      maxNodes: 4,
    });
    expect(models[0]).toMatchObject({ minReplicas: 4, maxReplicas: 32 });
  });
});

describe("declared items", () => {
  it("of an owned node are write-off, rent, spares and electricity", () => {
    const hardware = {
      kind: "owned",
      gpu: "H100-SXM",
      gpusPerNode: 8,
      purchaseUsd: 240_000,
      residualUsd: 48_000,
      lifeMonths: 48,
      watts: 8000,
      pue: 1.5,
      usdPerKwh: 0.1,
      colocationUsdPerMonth: 1110,
      spareShare: 0.1,
      source: "order",
      date: "2026-10-01",
    } as const;
    const byHand = ((192_000 / 48 + 1110) * 1.1) / 730 + 8 * 1.5 * 0.1;
    expect(ownedUsdPerNodeHour(hardware)).toBeCloseTo(byHand, 9);
  });

  it("count a gateway of its own for restricted tasks", () => {
    expect(gatewayCount(stackConfig("prod"))).toBe(1);
    expect(gatewayCount(stackConfig("onprem"))).toBe(1);
  });

  it("of an existing cluster are its stated share and its owned nodes, nothing of the cloud", () => {
    expect(declaredItems(stackConfig("onprem")).map(({ kind }) => kind)).toEqual(["nodes", "stated"]);
    expect(declaredItems(stackConfig("dev"))).toEqual([]);
  });
});
