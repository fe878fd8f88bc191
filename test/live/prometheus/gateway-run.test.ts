import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadCatalog } from "../../../catalog/load.ts";
import { streamedEvents } from "../../../components/gateway/autoscaler.ts";
import { gatewayFiles } from "../../../components/gateway/files.ts";
import { keyFile } from "../../../components/gateway/keys.ts";
import { gatewayPlan as planOf } from "../../../components/gateway/plan.ts";
import { gatewayTargets } from "../../../components/gateway/targets.ts";
import { boards } from "../../../components/monitoring/dashboards.ts";
import type { MonitoringPlan } from "../../../components/monitoring/plan.ts";
import { ruleGroups, rulesYaml } from "../../../components/monitoring/rules.ts";
import { figuresOf } from "../../../config/plan-figures.ts";
import { requestPrice, requestSize } from "../../../economics/api-bill.ts";
import { freePort } from "../../../sandbox/free-port.ts";
import { ask } from "../../../sandbox/gateway/client.ts";
import { FakeUpstream } from "../../../sandbox/gateway/fake-upstream.ts";
import { GatewayProcess } from "../../../sandbox/gateway/process.ts";
import { stackConfig } from "../../policies/graphs.ts";
import { FakeExporters, SLOW_SHARE } from "./fake-exporters.ts";
import { type PrometheusServer, startPrometheus } from "./server.ts";

const KEY = "sk-client-of-the-test";
const TASK = "support-chat";
const NAMESPACE = "breakeven-prod";
const INPUT_TOKENS = 10;
const OUTPUT_TOKENS = 12;
const CACHED_TOKENS = 4;
/** Rates are extrapolated by up to a scrape at both ends. */
const TOLERANCE = 0.06;

const config = stackConfig("prod");
const catalog = loadCatalog();
const models = {
  support: {
    url: "http://vllm.llm.svc:8000/v1",
    replicas: 8,
    maxConcurrentSequences: 256,
    slo: { ttftMs: 2000, tpotMs: 50 },
  },
};
const gatewayPlan = planOf(config.gateway, config.tasks, models, 2);
const plan: MonitoringPlan = {
  namespace: NAMESPACE,
  config,
  targets: gatewayTargets(gatewayPlan),
  figures: figuresOf(config, catalog),
};

let prometheus: PrometheusServer;
let gateway: GatewayProcess;
let vllm: FakeUpstream;
let api: FakeUpstream;
let exporters: FakeExporters;
/** Answers counted after the first scrape. */
let own = 0;
let rented = 0;

const job = (name: string, port: number, labels: Readonly<Record<string, string>>) => ({
  job_name: name,
  metrics_path: "/metrics",
  static_configs: [{ targets: [`127.0.0.1:${port}`], labels }],
});

/** Value of a query that has one series. */
async function value(query: string): Promise<number> {
  const found = await values(query);
  if (found.length !== 1) throw new Error(`${query} has ${found.length} series`);
  return found[0] as number;
}

async function values(query: string): Promise<readonly number[]> {
  const response = await fetch(`${prometheus.url}/api/v1/query?${new URLSearchParams({ query })}`);
  const { status, error, data } = (await response.json()) as {
    status: string;
    error?: string;
    data: { result: { value: [number, string] }[] };
  };
  if (status !== "success") throw new Error(`${query}: ${error}`);
  return data.result.map(({ value: [, text] }) => Number(text));
}

const question = (model: string) => ask(gateway.url, { model, key: KEY });
const answers = (): { own: number; rented: number } => ({ own: vllm.received.length, rented: api.received.length });

beforeAll(async () => {
  vllm = await new FakeUpstream("support").start();
  api = await new FakeUpstream("api").start();
  api.cachedTokens = CACHED_TOKENS;
  exporters = new FakeExporters("support", NAMESPACE);
  const ports = await exporters.start();
  const metricsPort = await freePort();
  gateway = await GatewayProcess.start({
    maxBodyMiB: 8,
    files: gatewayFiles(gatewayPlan),
    addresses: { [models.support.url]: vllm.url, "https://api.openai.com/v1": api.url },
    keyFile: keyFile({ default: [KEY] }, config.gateway.clients, config.tasks, false),
    secrets: { COMMERCIAL_KEY_OPENAI: "sk-fake" },
    metricsPort,
  });
  const scrape = [
    job("gateway", metricsPort, { namespace: NAMESPACE, container: "litellm", pod: "gateway-0" }),
    job("vllm", ports.vllm, { namespace: NAMESPACE, container: "vllm", pod: "vllm-0" }),
    job("dcgm", ports.dcgm, { namespace: "monitoring", pod: "dcgm-0" }),
    job("kube", ports.kube, { namespace: "monitoring", pod: "kube-0" }),
  ];
  prometheus = await startPrometheus({
    config: JSON.stringify({
      global: { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" },
      rule_files: ["rules.yaml"],
      scrape_configs: scrape,
    }),
    // As deployed, but for the pace: minutes become seconds.
    files: { "rules.yaml": rulesYaml(plan).replaceAll("interval: 1m", "interval: 1s") },
  });
  // Counters come into being with their first event; what is counted starts after that has been seen.
  for (let index = 0; index < 40; index++) await question(TASK);
  await question(`${TASK}-ext`);
  vllm.fault = "500";
  api.fault = "500";
  await question(`${TASK}-local`);
  await question(`${TASK}-ext`);
  vllm.fault = "none";
  api.fault = "none";
  // What was put aside comes back.
  await sleep(18_000);
  const before = answers();
  for (const until = Date.now() + 30_000; Date.now() < until; ) {
    await question(TASK);
    await sleep(150);
  }
  own = answers().own - before.own;
  rented = answers().rented - before.rented;
  await sleep(4000);
}, 240_000);

afterAll(async () => {
  await prometheus?.end();
  await gateway?.remove();
  exporters?.end();
  await vllm?.kill();
  await api?.kill();
});

const near = (found: number, expected: number, what: string): void =>
  expect(Math.abs(found / expected - 1), `${what}: ${found}, expected ${expected}`).toBeLessThan(TOLERANCE);

/** Sum of a record over the counted time, as the increase since the count began cannot be told apart otherwise. */
const perHour = (record: string, labels: string): string => `sum(${record}{platform="${NAMESPACE}", ${labels}}) * 3600`;

describe("a real Prometheus on a real gateway", () => {
  it("records every rule", async () => {
    const records = new Set(
      ruleGroups(plan).flatMap(({ rules }) => rules.flatMap((rule) => ("record" in rule ? [rule.record] : []))),
    );
    const lacking: string[] = [];
    for (const record of records) if ((await values(record)).length === 0) lacking.push(record);
    // Everything the gateway answered belongs to a known target.
    expect(lacking).toEqual(["breakeven:unmapped_requests:rate1h"]);
  });

  it("finds data for every expression of every dashboard", async () => {
    const lacking: string[] = [];
    for (const { title, charts } of boards(plan))
      for (const { title: chart, curves } of charts)
        for (const { expr } of curves) {
          const query = expr.replaceAll("$__range_s", "60").replaceAll("$__range", "1m");
          if ((await values(query)).length === 0) lacking.push(`${title}, ${chart}: ${query}`);
        }
    expect(lacking).toEqual([]);
  });

  it("counts tokens as the models did", async () => {
    const tokens = (route: string, direction: string) =>
      value(perHour("breakeven:tokens:rate1h", `route="${route}", direction="${direction}"`));
    const requests = (route: string) => value(perHour("breakeven:requests:rate1h", `route="${route}"`));
    const [ownRequests, apiRequests] = [await requests("own"), await requests("api")];
    // At least what was counted; the first events of each counter may be in it as well.
    expect(ownRequests).toBeGreaterThan(own * (1 - TOLERANCE));
    expect(apiRequests).toBeGreaterThan(rented * (1 - TOLERANCE));
    near(await tokens("own", "input"), ownRequests * INPUT_TOKENS, "own input");
    near(await tokens("own", "output"), ownRequests * OUTPUT_TOKENS, "own output");
    near(await tokens("api", "cached"), apiRequests * CACHED_TOKENS, "cached");
    near(await tokens("api", "input"), apiRequests * (INPUT_TOKENS - CACHED_TOKENS), "API input without cached");
  });

  it("prices them as economics/ does", async () => {
    const { figures } = plan;
    const task = config.tasks[TASK];
    const row = catalog.apiModel("openai/gpt-6.1-terra");
    if (figures === undefined || task === undefined || !row.ok) throw new Error("the plan has no prices");
    const size = { inputTokens: INPUT_TOKENS, outputTokens: OUTPUT_TOKENS };
    const usd = (cachedInputShare: number): number => {
      const price = requestPrice(row.value, { ...size, cachedInputShare }, figures.day);
      if (!price.ok) throw new Error(price.reason);
      return price.value.interactiveUsd[0] as number;
    };
    const count = (route: string) => value(perHour("breakeven:requests:rate1h", `route="${route}"`));
    const [ownRequests, apiRequests] = [await count("own"), await count("api")];
    const again = (await values(perHour("breakeven:requests:rate1h", 'route="api-again"')))[0] ?? 0;
    const at = `{platform="${NAMESPACE}"}`;

    near(
      await value(`sum(breakeven:api_spend:usd_per_hour${at})`),
      (apiRequests + again) * usd(CACHED_TOKENS / INPUT_TOKENS),
      "API spend",
    );
    const stayingOwn = ownRequests * usd(requestSize(task).cachedInputShare);
    near(
      await value(`sum(breakeven:staying:usd_per_hour{platform="${NAMESPACE}", route="own"})`),
      stayingOwn,
      "staying",
    );
    const [pool] = figures.pools;
    expect(await value(`breakeven:fleet:usd_per_hour${at}`)).toBeCloseTo(
      (pool?.usdPerNodeHour ?? 0) * (pool?.paidNodes ?? 0),
      6,
    );
    const owned = (pool?.usdPerNodeHour ?? 0) + figures.otherUsdPerHour;
    expect(await value(`breakeven:owned:usd_per_hour${at}`)).toBeCloseTo(owned, 5);
    const spend = await value(`sum(breakeven:api_spend:usd_per_hour${at})`);
    near(await value(`breakeven:owning:usd_per_hour${at}`), owned + spend, "owning");
    const [replica] = figures.tasks[0]?.replicas ?? [];
    if (replica === undefined || pool === undefined) throw new Error("the plan has no replicas");
    const busyGpus = (ownRequests / 3600 / replica.requestsPerSecond) * replica.gpusPerReplica;
    near(await value(`breakeven:utilization:ratio${at}`), busyGpus / pool.gpusPerNode, "utilization");
    expect(await value(`breakeven:plan_break_even_utilization${at}`)).toBeCloseTo(
      figures.breakEven?.utilization ?? 0,
      6,
    );
    const perDay = (ownRequests + apiRequests) * 24;
    near(await value(`breakeven:requests:per_day${at}`), perDay, "requests per day");
  });

  it("counts the events of streams while they run, as the autoscaler asks for them", async () => {
    const query = streamedEvents("gateway", NAMESPACE);
    const count = () => value(`sum(gateway_streamed_events_total{namespace="${NAMESPACE}"})`);
    expect(await value(query)).toBe(0);
    const before = await count();
    // Two words a second: the stream lives longer than a few scrapes.
    vllm.tokenDelayMs = 500;
    const asked = ask(gateway.url, { model: `${TASK}-local`, key: KEY, stream: true });
    await sleep(4000);
    const midway = (await count()) - before;
    expect(midway).toBeGreaterThan(0);
    expect(midway).toBeLessThan(OUTPUT_TOKENS);
    expect(await asked).toMatchObject({ complete: true, text: vllm.text });
    await sleep(3000);
    // Words, and at most a beginning, an end, a usage and a closing event.
    const all = (await count()) - before;
    expect(all).toBeGreaterThanOrEqual(OUTPUT_TOKENS);
    expect(all).toBeLessThanOrEqual(OUTPUT_TOKENS + 4);
    expect(await value(query)).toBeGreaterThan(0);
  });

  it("measures latency against the model's own targets", async () => {
    for (const latency of ["ttft", "itl"])
      near(await value(`breakeven:${latency}_above_target:ratio_rate5m`), SLOW_SHARE, latency);
  });
});
