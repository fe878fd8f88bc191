/** Grafana's name of a unit. */
export type Unit =
  | "reqps"
  | "short"
  | "s"
  | "percentunit"
  | "percent"
  | "currencyUSD"
  | "celsius"
  | "watt"
  | "decmbytes";

export interface Curve {
  readonly expr: string;
  /** Text of a series, `{{label}}` for a label's value. */
  readonly legend: string;
}

/** One chart. `stat` shows the last value only. */
export interface Chart {
  readonly title: string;
  readonly description: string;
  readonly unit: Unit;
  readonly kind?: "timeseries" | "stat";
  /** Lowest value of the axis; where none is given it fits the data. */
  readonly min?: number;
  readonly curves: readonly Curve[];
}

export interface Board {
  /** Stays, so that links keep working. At most 40 characters. */
  readonly uid: string;
  readonly title: string;
  /** Range shown at first, e.g. `now-6h`. */
  readonly from: string;
  readonly charts: readonly Chart[];
}

const COLUMNS = 24;
const SIZES = { timeseries: { w: 12, h: 8 }, stat: { w: 6, h: 4 } } as const;
/** The data source is chosen on the dashboard: its name differs from cluster to cluster. */
const datasource = { type: "prometheus", uid: "$datasource" } as const;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Places charts from left to right; a row is as high as its highest chart. */
function places(charts: readonly Chart[]): readonly Place[] {
  let x = 0;
  let y = 0;
  let rowHeight = 0;
  return charts.map(({ kind = "timeseries" }) => {
    const { w, h } = SIZES[kind];
    if (x + w > COLUMNS) {
      x = 0;
      y += rowHeight;
      rowHeight = 0;
    }
    const place = { x, y };
    x += w;
    rowHeight = Math.max(rowHeight, h);
    return place;
  });
}

function panel({ title, description, unit, kind = "timeseries", min, curves }: Chart, index: number, place: Place) {
  return {
    id: index + 1,
    type: kind,
    title,
    description,
    datasource,
    gridPos: { ...SIZES[kind], ...place },
    fieldConfig: { defaults: { unit, ...(min === undefined ? {} : { min }) }, overrides: [] },
    options:
      kind === "stat"
        ? { reduceOptions: { calcs: ["lastNotNull"] }, textMode: "value_and_name" }
        : { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi", sort: "desc" } },
    targets: curves.map(({ expr, legend }, curve) => ({
      refId: String.fromCharCode(65 + curve),
      datasource,
      expr,
      legendFormat: legend,
    })),
  };
}

/** The board as Grafana imports it. */
export function dashboard({ uid, title, from, charts }: Board) {
  const placed = places(charts);
  return {
    uid,
    title,
    tags: ["breakeven"],
    schemaVersion: 39,
    editable: false,
    refresh: "1m",
    time: { from, to: "now" },
    templating: { list: [{ name: "datasource", label: "Data source", type: "datasource", query: "prometheus" }] },
    panels: charts.map((chart, index) => panel(chart, index, placed[index] as Place)),
  };
}
