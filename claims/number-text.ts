import type { Range } from "./claim.ts";

/** Three significant digits, thousands separated. */
export const amountText = (value: number): string =>
  Number(value.toPrecision(3)).toLocaleString("en-US", { maximumFractionDigits: 4 });

export const rangeText = ([low, high]: Range): string =>
  amountText(low) === amountText(high) ? amountText(low) : `${amountText(low)}-${amountText(high)}`;
