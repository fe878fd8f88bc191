import { readFileSync } from "node:fs";
import { parseMeasured } from "../config/measured.ts";
import type { PlatformConfig } from "../config/platform.ts";
import { type MeasuredTraffic, measuredCells, measuredSpan, measuredTraffic } from "../report/measured.ts";

const WIDTHS = [24, 16, 14, 12] as const;

const row = (cells: readonly string[]): string =>
  cells
    .map((cell, index) => (index === 0 ? cell.padEnd(WIDTHS[0]) : cell.padStart(WIDTHS[index] as number)))
    .join("")
    .trimEnd();

/** Forecast beside measured traffic where the config points at a measurement. Throws when that is broken. */
export function measuredOf({ measured, tasks }: PlatformConfig): MeasuredTraffic | undefined {
  if (measured === undefined) return undefined;
  const parsed = parseMeasured(readFileSync(measured, "utf8"));
  if (!parsed.ok) throw new Error(`${measured} ${parsed.reason}`);
  return measuredTraffic(tasks, parsed.value);
}

/** Forecast beside measured traffic, task by task, as a table. */
export function measuredText(traffic: MeasuredTraffic): string {
  const tasks = Map.groupBy(traffic.rows, ({ task }) => task);
  return [
    `measured     ${measuredSpan(traffic)}`,
    ...[...tasks].flatMap(([task, rows]) => [
      row([task, "forecast", "measured", "of forecast"]),
      ...rows.map((line) => row([`  ${line.quantity}`, ...measuredCells(line)])),
    ]),
  ].join("\n");
}
