import type { Range } from "./claim.ts";

/** Three significant digits, thousands separated. */
export const amountText = (value: number): string =>
  Number(value.toPrecision(3)).toLocaleString("en-US", { maximumFractionDigits: 4 });

/** Dollars and cents, fractions to four digits: enough to check a published figure by hand. */
export const exactText = (value: number): string =>
  value.toLocaleString("en-US", { maximumFractionDigits: Math.abs(value) < 1 ? 4 : 2 });

export const rangeText = ([low, high]: Range, text: (value: number) => string = amountText): string =>
  text(low) === text(high) ? text(low) : `${text(low)}-${text(high)}`;
