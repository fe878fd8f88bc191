import { type BillLine, byLabel } from "./bill.ts";
import { breakEven } from "./break-even.ts";
import { evidenceText } from "./capacity/evidence.ts";
import type { Compared, DecisionInput } from "./decide.ts";
import { multipleText, percentText, usdText, wrapped } from "./format.ts";
import type { PreparedTask } from "./prepare.ts";
import { type Remedy, remedy } from "./remedy.ts";
import { AS_PLANNED } from "./scenario.ts";

export const REPORT_COLUMNS = 100;
export const REPORT_LINES = 25;
const SHOWN_LINES = 6;
const AMOUNT_COLUMNS = 12;
const INDENT = " ".repeat(12);
const TEXT_COLUMN = 13;

const HEADLINES: Record<Compared["kind"], string> = {
  pass: "PASS: owning is cheaper than staying on the API over the whole capacity interval",
  marginal: "MARGINAL: owning is cheaper only in part of the capacity interval",
  block: "BLOCK: owning costs more than staying on the API",
};

const money = (usd: number): string => usdText(usd).padStart(AMOUNT_COLUMNS);

/** The largest lines of a bill; the rest is summed up so that the column still adds up. */
function billLines(lines: readonly BillLine[]): readonly string[] {
  const sorted = byLabel(lines).toSorted((a, b) => b.usdPerMonth - a.usdPerMonth);
  const rest = sorted.slice(SHOWN_LINES);
  const shown = sorted
    .slice(0, SHOWN_LINES)
    .map(({ label, usdPerMonth }) => `${INDENT}${money(usdPerMonth)}  ${label}`);
  if (rest.length === 0) return shown;
  const restUsd = rest.reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0);
  return [...shown, `${INDENT}${money(restUsd)}  ${rest.length} smaller ${rest.length === 1 ? "line" : "lines"}`];
}

const routesText = (tasks: readonly PreparedTask[]): string =>
  tasks
    .map(
      ({ name, stayingRoutes }) => `${name} on ${[...new Set(stayingRoutes.map(({ api }) => api.name))].join(" and ")}`,
    )
    .join("; ");

function breakEvenText({ projector, projection }: Compared): string {
  const meeting = breakEven(projector);
  const today = `today's fleet is ${percentText(projection.utilization)} busy`;
  if (meeting.reached)
    return `break-even   ${multipleText(meeting.volume)} today's traffic, ${percentText(meeting.utilization)} busy; ${today}`;
  return `break-even   none at any volume: the best is ${usdText(meeting.bestSavingUsdPerMonth)}/month at ${multipleText(meeting.bestVolume)} today's traffic; ${today}`;
}

function remedyText(found: Remedy | undefined, stayingSaves: number): string {
  if (found !== undefined && found.savingUsdPerMonth > 0)
    return `remedy       ${found.change}: saves ${usdText(found.savingUsdPerMonth)}/month against the API`;
  return `remedy       stay on the API: saves ${usdText(stayingSaves)}/month; no smaller or committed fleet of this plan wins`;
}

function oldestPrice({ prices }: Compared): string {
  const oldest = prices
    .filter(({ usdPerMonth }) => usdPerMonth > 0)
    .toSorted((a, b) => a.date.localeCompare(b.date))[0];
  return oldest === undefined
    ? "prices       none"
    : `prices       ${prices.length} used, oldest ${oldest.date} (${oldest.label})`;
}

/** What the weakest of the capacities rests on: the widest interval decides how much the verdict is worth. */
function capacityText({ prepared }: Compared): string {
  const capacities = prepared.tasks.flatMap(({ shares }) => shares).map(({ capacity }) => capacity);
  const weakest = capacities.toSorted((a, b) => b.p90Error - a.p90Error)[0];
  return weakest === undefined ? "nothing is self-hosted" : evidenceText(weakest.evidence);
}

/** The verdict as reviewers read it: at most 25 lines of 100 columns. `resource` names what is judged. */
export function reportText(decision: Compared, input: DecisionInput, resource: string): string {
  const { projection, saving, kind } = decision;
  const { terms } = input;
  const unserved =
    projection.unservedShare > 0
      ? [
          `unserved     ${percentText(projection.unservedShare)} of all requests find no replica and may not go to an API`,
        ]
      : [];
  const lines = [
    `${HEADLINES[kind]}.`,
    `resource     ${resource}`,
    `owning      ${money(projection.owningUsdPerMonth)}/month, mean over ${terms.horizonMonths} months; the largest lines:`,
    ...billLines(projection.owning),
    `staying     ${money(projection.stayingUsdPerMonth)}/month, baseline ${terms.baseline}: ${routesText(decision.prepared.tasks)}`,
    `difference  ${money(saving.median)}/month; by capacity ${usdText(saving.pessimistic)} to ${usdText(saving.optimistic)}; must win at the ${terms.confidence} end`,
    `worst case  ${money(decision.projector.totals({ ...AS_PLANNED, worstCase: true }).owningUsdPerMonth)}/month with every pool at its maximum`,
    breakEvenText(decision),
    `capacity     ${capacityText(decision)}`,
    ...unserved,
    oldestPrice(decision),
    ...(kind === "pass" ? [] : [remedyText(remedy(input), -saving.median)]),
  ];
  return lines
    .flatMap((line) => wrapped(line, REPORT_COLUMNS, TEXT_COLUMN))
    .slice(0, REPORT_LINES)
    .join("\n");
}
