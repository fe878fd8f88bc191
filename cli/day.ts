import { z } from "zod";

/** The day of a decision: `--today`, or the clock's. Throws for what is no day. */
export function dayOf(option: string | undefined): string {
  const day = option ?? new Date().toISOString().slice(0, 10);
  if (!z.iso.date().safeParse(day).success) throw new Error(`--today "${day}" is not a day; expected YYYY-MM-DD`);
  return day;
}
