/** The charts of a report in reading order. */
export const CHART_NAMES = ["bill", "volume", "week", "months", "tornado"] as const;
export type ChartName = (typeof CHART_NAMES)[number];
