import { percentText, usdText } from "../economics/format.ts";

const SI = [
  [1e9, "B"],
  [1e6, "M"],
  [1e3, "k"],
] as const;

/** `600k`, `1.2M`: three significant digits. */
export function compact(value: number): string {
  const size = Math.abs(value);
  // 999.6k reads 1M: the unit is chosen after rounding.
  const [unit, suffix] = SI.find(([from]) => Number(size.toPrecision(3)) >= from) ?? [1, ""];
  return `${Number((value / unit).toPrecision(3))}${suffix}`;
}

/** `$38.4k`: an axis or a label beside a bar. */
export const compactUsd = (usd: number): string => `${usd < 0 ? "−" : ""}$${compact(Math.abs(usd))}`;

/** `+$1,235` and `−$1,235`: a difference, with a true minus sign. */
export const signedUsd = (usd: number): string =>
  Math.abs(usd) < 0.005 ? "$0" : `${usd < 0 ? "−" : "+"}${usdText(Math.abs(usd))}`;

/** `$0.96`, `$0.0021`: three significant digits, for prices of a request or a million tokens. */
export function priceText(usd: number): string {
  return `$${usd >= 100 ? usd.toFixed(0) : usd >= 1 ? usd.toFixed(2) : Number(usd.toPrecision(3))}`;
}

/** `3.2×`, three significant digits. */
export const times = (value: number): string => `${Number(value.toPrecision(3))}×`;

/** `Nov 2026` of `2026-11-21`. */
export function monthText(date: string): string {
  const [year, month] = date.split("-").map(Number);
  return `${MONTHS[(month ?? 1) - 1]} ${year}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `1 month`, `12 months`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

export { percentText, usdText };
