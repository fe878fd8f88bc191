import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { gatewayLines, gatewaySizes, streamIntervals } from "../config/gateway-size.ts";
import { parsePlatformConfig, parseUnplannedConfig, problemsText } from "../config/parse.ts";
import type { PlatformConfig } from "../config/platform.ts";
import { CONFIG_KEY } from "../config/problems.ts";
import { PURCHASE_OPTIONS } from "../economics/offering.ts";
import { project } from "../economics/projection.ts";
import { PRECISIONS } from "../economics/serving.ts";
import { configOf } from "../planner/candidate.ts";
import { prepare, type Question } from "../planner/evaluate.ts";
import { groupText, planText } from "../planner/plan-text.ts";
import { type SearchResult, search } from "../planner/search.ts";
import { defaultSpace, type PlanSpace } from "../planner/space.ts";
import { stackText } from "../planner/stack-text.ts";
import { type Command, parsedArgs, UsageError } from "./command.ts";
import { ownerOf } from "./owner.ts";
import { progressBar } from "./progress-bar.ts";
import { readStackFile, type StackQuestion, stackFileName } from "./stack-file.ts";
import { writeFile } from "./write-file.ts";

const HELP = `The cheapest way to serve the tasks of a stack file, and every plan that no other beats.

Usage: breakeven plan <stack | file> [options]

  <stack | file>      prod for Pulumi.prod.yaml in this folder, or a path; its tasks, operations and terms are
                      the question, its pools and models only say which models are good enough
  --policy-pack-config FILE
                      what the platform owner pins, as the policy pack is given it

What a plan may use (repeat an option to allow more):
  --model NAME        a model good enough for the tasks (default: the models of the file, else every known one)
  --precision P       ${PRECISIONS.join(", ")} (default: bf16, fp8)
  --region R          AWS region (default: the file's)
  --purchase P        ${PURCHASE_OPTIONS.join(", ")}
                      (default: all but capacity-block, commitments only within the horizon)
  --share S           share of a task that own replicas take, 0 to 1 (default: 0.5, 0.8, 1)
  --max-nodes N       largest pool (default: 64)
  --ttft-ms N         target for the first token (default: the file's tightest, else 2000)
  --tpot-ms N         target per output token (default: the file's tightest, else 50)

Output:
  --write FILE        write the cheapest plan as a stack file; the source's other sections and comments stay
  --today DATE        day of the decision, YYYY-MM-DD (default: the clock's)
  --json              print JSON
  --help

Exit status: 0 a plan was found, 3 none serves the tasks, 1 the question could not be read, 2 wrong usage.
`;

const NO_PLAN = 3;
const list = { type: "string", multiple: true } as const;
const one = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const OPTIONS = {
  model: list,
  precision: list,
  region: list,
  purchase: list,
  share: list,
  "max-nodes": one,
  "ttft-ms": one,
  "tpot-ms": one,
  "policy-pack-config": one,
  write: one,
  today: one,
  json: flag,
  help: flag,
} as const;

const parsed = (args: readonly string[]) => parsedArgs({ args: [...args], allowPositionals: true, options: OPTIONS });

type Values = ReturnType<typeof parsed>["values"];

function numberOf(name: string, text: string, holds: (value: number) => boolean, allowed: string): number {
  const value = Number(text);
  if (text.trim() === "" || !holds(value)) throw new UsageError(`--${name} ${text}: expected ${allowed}`);
  return value;
}

const isAbove = (value: number): boolean => value > 0 && Number.isFinite(value);

function oneOf<T extends string>(name: string, texts: readonly string[], known: readonly T[]): readonly T[] {
  for (const text of texts)
    if (!(known as readonly string[]).includes(text))
      throw new UsageError(`--${name} ${text} is not known; known: ${known.join(", ")}`);
  return texts as readonly T[];
}

function spaceOf(values: Values, { config, input }: StackQuestion): PlanSpace {
  const { catalog } = input;
  const space = defaultSpace(config, catalog);
  const models = values.model?.map((name) => {
    const known = catalog.model(name);
    if (!known.ok) throw new UsageError(`--model: ${known.reason}`);
    return known.value.name;
  });
  const regions = [...new Set(catalog.offerings.map(({ region }) => region))];
  if (values.region !== undefined && config.cluster.kind === "existing")
    throw new UsageError("--region is for clusters that are created; this file's cluster exists");
  return {
    ...space,
    models: models ?? space.models,
    precisions: values.precision === undefined ? space.precisions : oneOf("precision", values.precision, PRECISIONS),
    regions: values.region === undefined ? space.regions : oneOf("region", values.region, regions),
    purchases: values.purchase === undefined ? space.purchases : oneOf("purchase", values.purchase, PURCHASE_OPTIONS),
    shares:
      values.share?.map((text) => numberOf("share", text, (value) => value > 0 && value <= 1, "0 to 1, above 0")) ??
      space.shares,
    maxNodes:
      values["max-nodes"] === undefined
        ? space.maxNodes
        : numberOf(
            "max-nodes",
            values["max-nodes"],
            (value) => isAbove(value) && Number.isInteger(value),
            "a whole number from 1",
          ),
    slo: {
      ttftMs:
        values["ttft-ms"] === undefined
          ? space.slo.ttftMs
          : numberOf("ttft-ms", values["ttft-ms"], isAbove, "milliseconds"),
      tpotMs:
        values["tpot-ms"] === undefined
          ? space.slo.tpotMs
          : numberOf("tpot-ms", values["tpot-ms"], isAbove, "milliseconds"),
    },
  };
}

/** The bill of the same tasks on their API models alone; undefined where a task has none or may not use it. */
function stayingUsd(question: Question): number | undefined {
  const { base, slo } = question;
  const ready = prepare(configOf([], Object.keys(base.tasks), base, slo), question);
  return ready.ok ? project(ready.value).stayingUsdPerMonth : undefined;
}

/** The cheapest plan as a config. */
const cheapestConfig = ({ front: [cheapest] }: SearchResult, { base, slo }: Question): PlatformConfig | undefined =>
  cheapest && configOf(cheapest.groups, Object.keys(base.tasks), base, slo);

function asJson(
  { front, families, priced, ruledOut }: SearchResult,
  { file, owner, today }: { file: string; owner: string | undefined; today: string },
  cheapest: PlatformConfig | undefined,
  staying?: number,
): object {
  return {
    schema: "breakeven/plan/v1",
    file,
    owner,
    today,
    stayingUsdPerMonth: staying ?? null,
    front: front.map(({ usdPerMonth, latencySeconds, inHouseShare, groups }) => ({
      usdPerMonth,
      latencySeconds,
      inHouseShare,
      groups: groups.map(({ option, scaling, nodes, tasks, share }) => ({
        text: groupText({ option, scaling, nodes, tasks, share }),
        tasks,
        share,
        model: option.model.name,
        precision: option.precision,
        gpu: option.gpu.name,
        hardware: option.hardware,
        region: option.region,
        gpusPerReplica: option.gpusPerReplica,
        nodes,
        scaling,
      })),
    })),
    gateways: cheapest === undefined ? [] : gatewaySizes(cheapest),
    tokensPerEvent: cheapest === undefined ? {} : streamIntervals(cheapest),
    families,
    priced,
    ruledOut,
  };
}

/** Writes the cheapest plan; what would not be read back without a problem is not written. */
function write(target: string, source: string, { front: [cheapest] }: SearchResult, question: Question): void {
  if (cheapest === undefined) return;
  const file = stackFileName(target);
  const text = stackText(readFileSync(source, "utf8"), cheapest.groups, question.base, question.slo);
  const back = parsePlatformConfig(parse(text)?.config?.[CONFIG_KEY], question.catalog);
  if (!back.ok) throw new Error(`the plan does not fit the config: ${problemsText(back.problems)}`);
  writeFile(file, text);
  process.stderr.write(`${file} written; breakeven check ${target} judges it\n`);
}

/** `breakeven plan prod` */
export const plan: Command = {
  summary: "the cheapest way to serve the tasks, and the plans no other beats",
  async run(args) {
    const { values, positionals } = parsed(args);
    if (values.help) {
      process.stdout.write(HELP);
      return 0;
    }
    const [stack, ...rest] = positionals;
    if (stack === undefined || rest.length > 0)
      throw new UsageError(`name one stack, not ${positionals.length}; see breakeven plan --help`);
    const ownerFile = values["policy-pack-config"];
    const owner = await ownerOf(ownerFile);
    const today = values.today ?? owner.today ?? new Date().toISOString().slice(0, 10);
    if (!z.iso.date().safeParse(today).success)
      throw new UsageError(`--today ${today} is not a day; expected YYYY-MM-DD`);
    const source = readStackFile(stack, today, { owner, parse: parseUnplannedConfig });
    const space = spaceOf(values, source);
    const question: Question = { base: source.config, catalog: source.input.catalog, slo: space.slo, today };
    const bar = progressBar("searching plans");
    const result = search(question, space, { onProgress: bar.show });
    bar.end();
    const staying = stayingUsd(question);
    const cheapest = cheapestConfig(result, question);
    const answer = values.json
      ? JSON.stringify(asJson(result, { file: source.file, owner: ownerFile, today }, cheapest, staying), null, 2)
      : planText(result, staying, cheapest && gatewayLines(cheapest, question.catalog));
    process.stdout.write(`${answer}\n`);
    if (values.write !== undefined) write(values.write, source.file, result, question);
    return result.front.length === 0 ? NO_PLAN : 0;
  },
};
