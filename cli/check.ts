import { parseArgs } from "node:util";
import { gatewayLines, gatewaySizes, streamIntervals } from "../config/gateway-size.ts";
import { breakEven } from "../economics/break-even.ts";
import { type Decision, decide } from "../economics/decide.ts";
import { usdText } from "../economics/format.ts";
import { reportText } from "../economics/report-text.ts";
import { subjectText } from "../report/document.ts";
import type { Command } from "./command.ts";
import { dayOf } from "./day.ts";
import { measuredOf, measuredText } from "./measured-text.ts";
import { ownerOf } from "./owner.ts";
import { readStackFile, type StackQuestion } from "./stack-file.ts";

const HELP = `Rent or own? The verdict on a stack file, without an engine: nothing is previewed or created.

Usage: breakeven check <stack | file> [options]

  <stack | file>   prod for Pulumi.prod.yaml in this folder, or a path

Options:
  --policy-pack-config FILE
                   what the platform owner pins, as the policy pack is given it
  --today DATE     day of the decision, YYYY-MM-DD (default: the clock's)
  --json           print JSON
  --help

Exit status: 0 pass or rent, 2 marginal, 3 block or no verdict, 1 the question could not be read.
A recorded justification does not change the verdict here; in a deployment it turns a block into an advisory.
`;

/** Exit status of a verdict. */
export const EXIT_CODES: Readonly<Record<Decision["kind"], number>> = {
  pass: 0,
  rent: 0,
  marginal: 2,
  block: 3,
  unpriced: 3,
};

/** The decision as stable JSON: kinds and amounts, no internals. */
function asJson(decision: Decision, { file, input }: StackQuestion, owner: string | undefined): object {
  const base = { schema: "breakeven/check/v1", file, owner, today: input.today, verdict: decision.kind };
  if (decision.kind === "unpriced") return { ...base, missing: decision.missing };
  if (decision.kind === "rent")
    return { ...base, stayingUsdPerMonth: decision.stayingUsdPerMonth, prices: decision.prices };
  const { projection, saving, projector, prices } = decision;
  const {
    owning,
    staying,
    owningUsdPerMonth,
    stayingUsdPerMonth,
    utilization,
    selfServedShare,
    unservedShare,
    months,
  } = projection;
  const bills = { owningUsdPerMonth, stayingUsdPerMonth, savingUsdPerMonth: saving, owning, staying, months };
  return { ...base, ...bills, utilization, selfServedShare, unservedShare, breakEven: breakEven(projector), prices };
}

function asText(decision: Decision, { file, input }: StackQuestion, owner: string | undefined): string {
  if (decision.kind === "rent") {
    const { stayingUsdPerMonth } = decision;
    return `RENT: ${file} has no GPUs, there is nothing to compare. The API bill is ${usdText(stayingUsdPerMonth)}/month.`;
  }
  if (decision.kind === "unpriced") {
    return [
      "NO VERDICT: something has no price or no capacity, and that never counts as zero.",
      ...decision.missing.map(({ resource, reason }) => `  ${resource}: ${reason}`),
    ].join("\n");
  }
  return reportText(decision, input, subjectText({ kind: "declared", file, owner }));
}

function options(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      "policy-pack-config": { type: "string" },
      today: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  const [stack, ...rest] = positionals;
  if (!values.help && (stack === undefined || rest.length > 0))
    throw new Error(`name one stack, not ${positionals.length}; see breakeven check --help`);
  return { ...values, stack: stack ?? "" };
}

/** `breakeven check prod` */
export const check: Command = {
  summary: "the verdict on a stack file: 0 pass, 2 marginal, 3 block",
  async run(args) {
    const { help, stack, today, json, "policy-pack-config": ownerFile } = options(args);
    if (help) {
      process.stdout.write(HELP);
      return 0;
    }
    const owner = await ownerOf(ownerFile);
    const question = readStackFile(stack, dayOf(today ?? owner.today), { owner });
    const decision = decide(question.input);
    const measured = measuredOf(question.config);
    const { config } = question;
    const gateways = { gateways: gatewaySizes(config), tokensPerEvent: streamIntervals(config) };
    const answer = json
      ? JSON.stringify(
          { ...asJson(decision, question, ownerFile), ...gateways, ...(measured && { measured }) },
          null,
          2,
        )
      : [
          asText(decision, question, ownerFile),
          ...gatewayLines(config, question.input.catalog),
          ...(measured ? [measuredText(measured)] : []),
        ].join("\n");
    process.stdout.write(`${answer}\n`);
    return EXIT_CODES[decision.kind];
  },
};
