import type { MeasuredTask } from "../../economics/measured-traffic.ts";

const rounded = (value: number): number => Number(value.toPrecision(6));

/** Six digits: more than any measurement holds, and small differences do not rewrite the file. */
export const roundedTask = ({ week, ...shares }: MeasuredTask): MeasuredTask => ({
  ...(Object.fromEntries(Object.entries(shares).map(([key, value]) => [key, rounded(value)])) as Omit<
    MeasuredTask,
    "week"
  >),
  week: week.map(rounded),
});
