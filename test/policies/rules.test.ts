import { describe, expect, it } from "vitest";
import { capacityServesPeak } from "../../policies/capacity-serves-peak.ts";
import { devRents } from "../../policies/dev-rents.ts";
import { everyResourcePriced } from "../../policies/every-resource-priced.ts";
import { modelFitsGpu } from "../../policies/model-fits-gpu.ts";
import { pricesAreFresh, pricesAreRecent } from "../../policies/prices-are-fresh.ts";
import { trafficIsProven } from "../../policies/traffic-is-proven.ts";
import {
  nodeGroup,
  platform,
  prodGraph,
  resource,
  resourceViolations,
  stackConfig,
  stackViolations,
} from "./graphs.ts";

const prod = stackConfig("prod");

describe("every-resource-priced", () => {
  it("accepts the components' own graph and names whatever has no price", async () => {
    expect(await stackViolations(everyResourcePriced, prodGraph())).toEqual([]);
    const database = resource("aws:rds/instance:Instance", "db", {});
    expect(await stackViolations(everyResourcePriced, [...prodGraph(), database])).toEqual([
      'rds Instance "db" has no price: type aws:rds/instance:Instance has no price adapter and is not on the list of free types',
    ]);
    expect(
      await stackViolations(everyResourcePriced, [...prodGraph(), database], { freeTypes: ["aws:rds/*"] }),
    ).toEqual([]);
  });

  it("names an instance type that the catalogue has no price of", async () => {
    const odd = nodeGroup("odd", { instanceTypes: ["m7i.metal-48xl"], labels: {}, tags: {} });
    expect(await stackViolations(everyResourcePriced, [...prodGraph(), odd])).toEqual([
      expect.stringMatching(/^eks NodeGroup "odd" has no price: unknown instance type "m7i\.metal-48xl"/),
    ]);
  });
});

describe("prices-are-fresh", () => {
  it("accepts old prices of small things, and reports them", async () => {
    expect(await stackViolations(pricesAreFresh, prodGraph())).toEqual([]);
    const [report] = await stackViolations(pricesAreRecent, prodGraph());
    expect(report).toMatch(
      /of the prices used are older than 45 days:\n {2}2026-09-25 \(57 days\) p5\.48xlarge commit-1y, \$25,313\/month/,
    );
    expect(Math.max(...(report?.split("\n").map((line) => line.length) ?? []))).toBeLessThanOrEqual(100);
  });

  it("blocks when the GPUs' price is past its age", async () => {
    const [violation] = await stackViolations(pricesAreFresh, prodGraph(), { today: "2027-02-01" });
    expect(violation).toMatch(/^\d+ % of the bill rests on prices older than 120 days \(allowed: 5\.0 %\):/);
    expect(violation).toContain("p5.48xlarge commit-1y");
  });

  it("obeys the owner's limits", async () => {
    expect(await stackViolations(pricesAreFresh, prodGraph(), { blockAfterDays: 50 })).toHaveLength(1);
    expect(await stackViolations(pricesAreRecent, prodGraph(), { warnAfterDays: 4000 })).toEqual([]);
  });
});

describe("model-fits-gpu", () => {
  it("blocks a model that cannot start, with what would fit", async () => {
    const tooLarge = stackConfig("prod", (raw) => {
      Object.assign(raw.models?.["support"] ?? {}, {
        catalogModel: "Llama-3.1-405B",
        precision: "bf16",
        gpusPerReplica: 8,
        replicas: { min: 1, max: 1 },
      });
    });
    expect(await resourceViolations(modelFitsGpu, platform(tooLarge))).toEqual([
      expect.stringMatching(
        /^model support on pool h100: needs .* GiB on each of 8 H100-SXM .*16 GPUs per replica would fit$/,
      ),
    ]);
    expect(await resourceViolations(modelFitsGpu, platform(prod))).toEqual([]);
  });
});

describe("dev-rents", () => {
  const dev = stackConfig("prod", (raw) => {
    raw.environment = "dev";
  });

  it("blocks GPUs of the platform and GPUs added by hand", async () => {
    expect(await resourceViolations(devRents, platform(dev))).toEqual([
      expect.stringContaining('environment "dev" rents: pool h100 (1x p5.48xlarge)'),
    ]);
    const byHand = nodeGroup("by-hand", { labels: {}, tags: {}, instanceTypes: ["g6e.xlarge"] });
    expect(await stackViolations(devRents, [platform(stackConfig("dev")), byHand])).toEqual([
      expect.stringContaining('eks NodeGroup "by-hand" (1x g6e.xlarge)'),
    ]);
    expect(await stackViolations(devRents, prodGraph())).toEqual([]);
  });
});

describe("traffic-is-proven", () => {
  const withEvidence = (evidence: object | undefined) =>
    platform(stackConfig("prod", (raw) => Object.assign(raw.tasks["support-chat"] ?? {}, { evidence })));
  const proof = { measuredDays: 120, source: "metrics", date: "2026-11-01" };

  it.each([
    [undefined, "evidence is missing"],
    [{ ...proof, measuredDays: 30 }, "measuredDays is 30; at least 90 days are needed"],
    [{ ...proof, date: "2027-01-01" }, "date is 2027-01-01, which lies after 2026-11-21"],
  ])("blocks production on %j", async (evidence, message) => {
    expect(await resourceViolations(trafficIsProven, withEvidence(evidence))).toEqual([
      expect.stringContaining(message),
    ]);
  });

  it("accepts 90 measured days, and asks nothing of other environments", async () => {
    expect(await resourceViolations(trafficIsProven, withEvidence(proof))).toEqual([]);
    const staging = stackConfig("prod", (raw) => {
      raw.environment = "staging";
      delete raw.tasks["support-chat"]?.evidence;
    });
    expect(await resourceViolations(trafficIsProven, platform(staging))).toEqual([]);
  });
});

describe("capacity-serves-peak", () => {
  it("blocks a restricted task that its replicas cannot serve, and none that has an API behind it", async () => {
    const flooded = stackConfig("onprem", (raw) =>
      Object.assign(raw.tasks["case-summaries"] ?? {}, { requestsPerDay: 9_000_000 }),
    );
    expect(await resourceViolations(capacityServesPeak, platform(flooded))).toEqual([
      expect.stringMatching(
        /^model case-files: the busiest hour needs \d+ replicas and may have 8; \d+ % of the requests of case-summaries would be lost/,
      ),
    ]);
    const overflowing = stackConfig("prod", (raw) =>
      Object.assign(raw.tasks["support-chat"] ?? {}, { requestsPerDay: 9_000_000 }),
    );
    // Its requests find an API, but its gateways no node.
    expect(await resourceViolations(capacityServesPeak, platform(overflowing))).toEqual([
      "cluster.systemNodes: 3 x m7i.large have room for 3 gateway pods of a core and the planned peak takes 22; raise count, or choose a larger instanceType",
    ]);
    const roomy = stackConfig("prod", (raw) => {
      Object.assign(raw.tasks["support-chat"] ?? {}, { requestsPerDay: 9_000_000 });
      Object.assign(raw.cluster, { systemNodes: { instanceType: "m7i.large", count: 40 } });
    });
    expect(await resourceViolations(capacityServesPeak, platform(roomy))).toEqual([]);
  });
});
