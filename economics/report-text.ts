import { type BillLine, byLabel } from "./bill.ts";
import { breakEven } from "./break-even.ts";
import { evidenceText } from "./capacity/evidence.ts";
import type { Compared, DecisionInput } from "./decide.ts";
import { multipleText, percentText, usdText, wrapped } from "./format.ts";
import type { PreparedTask } from "./prepare.ts";
import { type Remedy, remedy } from "./remedy.ts";
import { DEFAULT_DRAWS, simulateRisk } from "./risk.ts";
import { AS_PLANNED } from "./scenario.ts";

export const REPORT_COLUMNS = 100;
export const REPORT_LINES = 25;
const SHOWN_LINES = 6;
const AMOUNT_COLUMNS = 12;
const NAMED_TASKS = 3;
const SHOWN_ROUTES = 3;
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

/** Tasks by the API models that would answer them; many tasks are counted, not named. */
function routesText(tasks: readonly PreparedTask[]): string {
  const groups = Map.groupBy(tasks, ({ stayingRoutes }) =>
    [...new Set(stayingRoutes.map(({ api }) => api.name))].join(" and "),
  );
  const texts = [...groups].map(([apis, mine]) =>
    mine.length > NAMED_TASKS
      ? `${mine.length} tasks on ${apis}`
      : `${mine.map(({ name }) => name).join(", ")} on ${apis}`,
  );
  const rest = texts.length - SHOWN_ROUTES;
  return [...texts.slice(0, SHOWN_ROUTES), ...(rest > 0 ? [`${rest} more`] : [])].join("; ");
}

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

/** How sure the saving is: the draws move traffic, throughput, prices and hours at once. */
function certaintyText({ projector }: Compared): string {
  const { probabilityOwningIsCheaper, savingUsdPerMonth, draws } = simulateRisk(projector, DEFAULT_DRAWS);
  const { p10, p90 } = savingUsdPerMonth;
  return `certainty    owning is cheaper in ${percentText(probabilityOwningIsCheaper)} of ${draws.toLocaleString("en-US")} draws; saving P10 ${usdText(p10)}, P90 ${usdText(p90)}`;
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
    certaintyText(decision),
    ...unserved,
    oldestPrice(decision),
  ];
  const remedies = kind === "pass" ? [] : [remedyText(remedy(input), -saving.median)];
  const fitted = (text: readonly string[]) => text.flatMap((line) => wrapped(line, REPORT_COLUMNS, TEXT_COLUMN));
  const last = fitted(remedies);
  return [...fitted(lines).slice(0, REPORT_LINES - last.length), ...last].join("\n");
}
