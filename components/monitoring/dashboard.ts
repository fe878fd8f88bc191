import { type Queries, queries } from "./queries.ts";

/** Grafana's name of a unit. */
type Unit = "reqps" | "short" | "s" | "percentunit" | "currencyUSD";

interface Curve {
  readonly query: keyof Queries;
  /** Text of a series, `{{label}}` for a label's value. */
  readonly legend: string;
}

interface Chart {
  readonly title: string;
  readonly description: string;
  readonly unit: Unit;
  readonly curves: readonly Curve[];
}

const gatewayCharts: readonly Chart[] = [
  {
    title: "Requests by task",
    description: "Calls per second at the gateway.",
    unit: "reqps",
    curves: [{ query: "requestsByTask", legend: "{{requested_model}}" }],
  },
  {
    title: "Failed requests",
    description: "Calls the client saw fail.",
    unit: "reqps",
    curves: [{ query: "failedRequestsByTask", legend: "{{requested_model}} {{exception_class}}" }],
  },
  {
    title: "API share",
    description: "Answers from a commercial API. Above plan, own capacity is short, ill or badly placed.",
    unit: "percentunit",
    curves: [{ query: "apiShare", legend: "API share" }],
  },
  {
    title: "Answers by target",
    description: "Who answered.",
    unit: "reqps",
    curves: [{ query: "answersByTarget", legend: "{{model_id}}" }],
  },
  {
    title: "API spend",
    description: "By list price, over the last hour.",
    unit: "currencyUSD",
    curves: [{ query: "apiSpend", legend: "{{requested_model}}" }],
  },
  {
    title: "Targets out",
    description: "Targets the gateway has put aside.",
    unit: "short",
    curves: [{ query: "unusableTargets", legend: "{{model_id}}" }],
  },
];

const modelCharts: readonly Chart[] = [
  {
    title: "Tokens per second",
    description: "Prompt tokens read and tokens generated.",
    unit: "short",
    curves: [
      { query: "generatedTokensByModel", legend: "{{model_name}} generated" },
      { query: "promptTokensByModel", legend: "{{model_name}} prompt" },
    ],
  },
  {
    title: "Time to first token, p95",
    description: "Measured in vLLM, queue included.",
    unit: "s",
    curves: [{ query: "timeToFirstTokenP95", legend: "{{model_name}}" }],
  },
  {
    title: "Inter-token latency, p95",
    description: "Gap between two tokens of an answer.",
    unit: "s",
    curves: [{ query: "interTokenLatencyP95", legend: "{{model_name}}" }],
  },
  {
    title: "Requests in the engine",
    description: "Waiting ones that do not go away mean too few replicas.",
    unit: "short",
    curves: [
      { query: "waitingRequests", legend: "{{model_name}} waiting" },
      { query: "runningRequests", legend: "{{model_name}} running" },
    ],
  },
  {
    title: "KV cache use",
    description: "The fullest replica; near 1 vLLM interrupts answers to make room.",
    unit: "percentunit",
    curves: [{ query: "kvCacheUse", legend: "{{model_name}}" }],
  },
];

const WIDTH = 12;
const HEIGHT = 8;
const COLUMNS = 24 / WIDTH;
const datasource = { type: "prometheus", uid: "$datasource" } as const;

function panel(chart: Chart, index: number, text: Queries) {
  return {
    id: index + 1,
    type: "timeseries",
    title: chart.title,
    description: chart.description,
    datasource,
    gridPos: { w: WIDTH, h: HEIGHT, x: (index % COLUMNS) * WIDTH, y: Math.floor(index / COLUMNS) * HEIGHT },
    fieldConfig: { defaults: { unit: chart.unit, min: 0 }, overrides: [] },
    options: { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi", sort: "desc" } },
    targets: chart.curves.map(({ query, legend }, curve) => ({
      refId: String.fromCharCode(65 + curve),
      datasource,
      expr: text[query],
      legendFormat: legend,
    })),
  };
}

/** The Grafana dashboard of one platform; charts of models only where there are some. `uid` stays, so links keep working. */
export function dashboard(namespace: string, hasModels: boolean) {
  const text = queries(namespace);
  const charts = hasModels ? [...gatewayCharts, ...modelCharts] : gatewayCharts;
  return {
    uid: dashboardUid(namespace),
    title: `LLM serving: ${namespace}`,
    tags: ["breakeven"],
    schemaVersion: 39,
    editable: false,
    refresh: "30s",
    time: { from: "now-6h", to: "now" },
    templating: { list: [{ name: "datasource", label: "Data source", type: "datasource", query: "prometheus" }] },
    panels: charts.map((chart, index) => panel(chart, index, text)),
  };
}

/** Grafana takes at most 40 characters. */
export const dashboardUid = (namespace: string): string => `llm-${namespace}`.slice(0, 40);
