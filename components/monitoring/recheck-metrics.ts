/** What the nightly re-check reports to Prometheus, each with the label `platform`. */
export const RECHECK_METRICS = {
  /** 1 when the deployed plan would be blocked at the prices of the re-check. */
  blocked: "breakeven_recheck_blocked",
  /** Unix time of the re-check, seconds. */
  checkedAt: "breakeven_recheck_timestamp_seconds",
} as const;
