import { describe, expect, it } from "vitest";
import { loadCatalog } from "../../catalog/load.ts";
import { decisionInput } from "../../config/decision-input.ts";
import { declaredItems, gatewayCount } from "../../config/declared-items.ts";
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
  it("count a gateway of its own for restricted tasks", () => {
    expect(gatewayCount(stackConfig("prod"))).toBe(1);
    expect(gatewayCount(stackConfig("onprem"))).toBe(1);
  });

  it("of an existing cluster are its stated share and its owned nodes, nothing of the cloud", () => {
    expect(declaredItems(stackConfig("onprem")).map(({ kind }) => kind)).toEqual(["nodes", "stated"]);
    expect(declaredItems(stackConfig("dev"))).toEqual([]);
  });
});
