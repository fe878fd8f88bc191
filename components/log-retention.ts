/** Retention periods that CloudWatch Logs offers, up to four hundred days. */
const OFFERED_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400];

/** The shortest offered period that keeps logs at least so long. */
export function logRetentionDays(days: number): number {
  const offered = OFFERED_DAYS.find((period) => period >= days);
  if (offered === undefined)
    throw new Error(`logs cannot be kept for ${days} days; use at most ${OFFERED_DAYS.at(-1)}`);
  return offered;
}
