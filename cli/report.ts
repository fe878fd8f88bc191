import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { CHART_NAMES, type ChartName } from "../report/charts/names.ts";
import { REPORT_SCHEMA, type Report } from "../report/document.ts";
import type { Question } from "../report/question.ts";
import type { Format } from "../report/render.ts";
import { EXIT_CODES } from "./check.ts";
import { type Command, parsedArgs, UsageError } from "./command.ts";
import { dayOf } from "./day.ts";
import { ownerOf } from "./owner.ts";
import { writeFile } from "./write-file.ts";

const FORMATS: readonly Format[] = ["html", "markdown", "json", "svg"];

const EXTENSIONS: Readonly<Record<string, Format>> = {
  ".html": "html",
  ".htm": "html",
  ".md": "markdown",
  ".json": "json",
  ".svg": "svg",
};

const HELP = `Rent or own? The whole decision, for people: what it costs, when it turns, what it rests on.

Usage: breakeven report <stack | file> [options]
       breakeven report [stack | file] --preview plan.json [options]

  <stack | file>   prod for Pulumi.prod.yaml in this folder, or a path

Options:
  --preview FILE   price the resources really planned: what \`pulumi preview --json --show-sames\` printed; with a
                   stack named as well, the preview must be of that stack's config
  --base FILE      an earlier report in JSON: adds what the change costs per month, line by line
  --format NAME    ${FORMATS.join(", ")} (default: by the name of --out, else html)
  --out FILE       where to write it (default: standard output); written as a whole or not at all
  --chart NAME     with --format svg, one chart: ${CHART_NAMES.join(", ")} (default: all; may be repeated)
  --policy-pack-config FILE
                   what the platform owner pins, as the policy pack is given it
  --today DATE     day of the decision, YYYY-MM-DD (default: the clock's)
  --exit-code      exit as \`breakeven check\` does: 2 marginal, 3 block or no verdict
  --help

Exit status: 0 the report is written, whatever the verdict, 1 it could not be made, 2 wrong usage.
`;

const OPTIONS = {
  preview: { type: "string" },
  base: { type: "string" },
  format: { type: "string" },
  out: { type: "string" },
  chart: { type: "string", multiple: true },
  "policy-pack-config": { type: "string" },
  today: { type: "string" },
  "exit-code": { type: "boolean" },
  help: { type: "boolean" },
} as const;

const parsed = (args: readonly string[]) => parsedArgs({ args: [...args], allowPositionals: true, options: OPTIONS });

function formatOf(format: string | undefined, out: string | undefined): Format {
  if (format === undefined) {
    const extension = extname(out ?? "").toLowerCase();
    const known = EXTENSIONS[extension];
    if (out !== undefined && extension !== "" && known === undefined)
      throw new UsageError(
        `--out ${out}: no format goes by ${extension}; name one with --format: ${FORMATS.join(", ")}`,
      );
    return known ?? "html";
  }
  const known = FORMATS.find((name) => name === format);
  if (known === undefined) throw new UsageError(`--format ${format} is not known; known: ${FORMATS.join(", ")}`);
  return known;
}

function chartsOf(charts: readonly string[] | undefined, format: Format): readonly ChartName[] {
  if (charts === undefined) return CHART_NAMES;
  if (format !== "svg") throw new UsageError("--chart goes with --format svg");
  return charts.map((chart) => {
    const known = CHART_NAMES.find((name) => name === chart);
    if (known === undefined) throw new UsageError(`--chart ${chart} is not known; known: ${CHART_NAMES.join(", ")}`);
    return known;
  });
}

type Asked = NonNullable<ReturnType<typeof options>>;

function options(args: readonly string[]) {
  const { values, positionals } = parsed(args);
  const [stack, ...rest] = positionals;
  if (values.help) return undefined;
  if (rest.length > 0 || (stack === undefined && values.preview === undefined))
    throw new UsageError(`name one stack, not ${positionals.length}; see breakeven report --help`);
  const { preview, base, out } = values;
  const format = formatOf(values.format, out);
  const charts = chartsOf(values.chart, format);
  if (format === "html" && out === undefined && process.stdout.isTTY)
    throw new UsageError("a page of HTML is nothing for a terminal; add --out report.html, or --format markdown");
  return {
    stack,
    preview,
    base,
    out,
    format,
    charts,
    ownerFile: values["policy-pack-config"],
    today: values.today,
    exitCode: values["exit-code"] ?? false,
  };
}

async function made({
  stack,
  preview,
  base,
  today,
  ownerFile,
}: Asked): Promise<{ report: Report; question: Question }> {
  // These take most of a second to load: other commands, and mistakes in the command line, do without.
  const [{ declared, planned }, { answered }, { documented, parseReport }, { changeSince }, { measuredOf }] =
    await Promise.all([
      import("./judged.ts"),
      import("../report/question.ts"),
      import("../report/schema.ts"),
      import("../report/change.ts"),
      import("./measured-text.ts"),
    ]);
  const before = base === undefined ? undefined : parseReport(readFileSync(base, "utf8"));
  if (before?.ok === false) throw new Error(`${base}: ${before.reason}`);
  const settings = await ownerOf(ownerFile);
  const day = dayOf(today ?? settings.today);
  const owner = { settings, file: ownerFile };
  const { subject, input, differences, config } =
    preview === undefined ? declared(stack ?? "", day, owner) : planned(preview, stack, day, owner);
  const { results, question } = answered(input);
  const change = before === undefined ? null : changeSince(before.report, results);
  const measured = measuredOf(config) ?? null;
  return { report: documented({ schema: REPORT_SCHEMA, subject, results, differences, measured, change }), question };
}

/** `breakeven report prod --out report.html` */
export const report: Command = {
  summary: "the decision as a page, a comment, JSON or charts",
  async run(args) {
    const asked = options(args);
    if (asked === undefined) {
      process.stdout.write(HELP);
      return 0;
    }
    const { report: done, question } = await made(asked);
    const { render } = await import("../report/render.ts");
    const text = render(done, question, asked.format, asked.charts);
    if (asked.out === undefined) process.stdout.write(text);
    else {
      writeFile(asked.out, text);
      process.stderr.write(`${asked.out}: ${done.results.sentence}\n`);
    }
    return asked.exitCode ? EXIT_CODES[done.results.verdict] : 0;
  },
};
