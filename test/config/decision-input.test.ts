import { describe, expect, it } from "vitest";
import { loadCatalog } from "../../catalog/load.ts";
import { decisionInput } from "../../config/decision-input.ts";
import { declaredItems, gatewayCount } from "../../config/declared-items.ts";
import { stackConfig, TODAY } from "../policies/graphs.ts";

const catalog = loadCatalog();

const elasticPool = { scaling: "elastic", minNodes: 1, maxNodes: 4 };

/** Production with a pool that follows demand, on a new cluster, which gets Karpenter and KEDA. */
const onNewCluster = () =>
  stackConfig("prod", (raw) => {
    Object.assign(raw.pools?.["h100"] ?? {}, elasticPool);
    Object.assign(raw.pools?.["h100"]?.hardware ?? {}, { purchase: "on-demand" });
    Object.assign(raw.models?.["support"] ?? {}, { replicas: { min: 4, max: 32 } });
  });

const rented = { kind: "rented", gpu: "H100-SXM", gpusPerNode: 8, usdPerNodeHour: 20, source: "quote", date: TODAY };

/** Rented nodes of an existing cluster that follow demand, if the cluster has what it takes. */
const onExistingCluster = (extra: object) =>
  stackConfig("onprem", (raw) => {
    raw.pools = { "hall-a": { hardware: rented, ...elasticPool, nodeSelector: { pool: "hall-a" }, ...extra } } as never;
    Object.assign(raw.models?.["case-files"] ?? {}, { replicas: { min: 4, max: 16 } });
    raw.monitoring = { prometheusUrl: "http://prometheus.monitoring:9090" };
    raw.economics = {};
  });

describe("an elastic pool", () => {
  const decided = (config: ReturnType<typeof onNewCluster>) => {
    const { items, models } = decisionInput(config, declaredItems(config), catalog, TODAY);
    const pool = items.find((item) => item.kind === "nodes" && item.pool !== undefined);
    return { pool, model: models[0] };
  };

  it("that nothing scales is billed at its maximum and serves with its fewest replicas", () => {
    const { pool, model } = decided(onExistingCluster({}));
    expect(pool).toMatchObject({ scaling: "fixed", maxNodes: 4 });
    expect(model).toMatchObject({ minReplicas: 4, maxReplicas: 4 });
  });

  it("of a new cluster, or of one that brings its scalers, follows demand", () => {
    const created = decided(onNewCluster());
    expect(created.pool).toMatchObject({ scaling: "elastic", minNodes: 1, maxNodes: 4 });
    expect(created.model).toMatchObject({ minReplicas: 4, maxReplicas: 32 });
    const provided = decided(onExistingCluster({ autoscaler: "provided" }));
    expect(provided.pool).toMatchObject({ scaling: "elastic", minNodes: 1, maxNodes: 4 });
    expect(provided.model).toMatchObject({ minReplicas: 4, maxReplicas: 16 });
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
