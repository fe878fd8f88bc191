import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { JudgedStack } from "../claims/claim.ts";
import { runGenerator } from "../config/generated-file.ts";
import { breakEven } from "../economics/break-even.ts";
import { multipleText, percentText, usdText } from "../economics/format.ts";
import { exampleFiles, judgedStacks, PAGE_DAY } from "./committed-stacks.ts";

export const EXAMPLES_FILE = join(import.meta.dirname, "../examples/README.md");

/** The comment a stack file begins with, as paragraphs. */
export function headerOf(yaml: string): readonly string[] {
  const lines = yaml.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("# ") || line.startsWith("# yaml-language-server"));
  const text = lines.slice(0, end).map((line) => line.slice(2));
  return text
    .join("\n")
    .split(/\n(?=(?:Claims?|Verdict|Without)\b)/)
    .map((paragraph) => paragraph.replaceAll("\n", " "));
}

function row({ file, decision }: JudgedStack): string {
  const name = basename(file);
  const link = `[${name}](${name})`;
  if (decision.kind === "rent" || decision.kind === "unpriced") return `| ${link} | ${decision.kind} | | | | | |`;
  const { owningUsdPerMonth, stayingUsdPerMonth, utilization, selfServedShare } = decision.projection;
  const meeting = breakEven(decision.projector);
  const cells = [
    link,
    `**${decision.kind}**`,
    usdText(owningUsdPerMonth),
    usdText(stayingUsdPerMonth),
    percentText(utilization),
    `${(selfServedShare * 100).toFixed(1)} %`,
    meeting.reached ? `${multipleText(meeting.volume)} the traffic` : "at no volume",
  ];
  return `| ${cells.join(" | ")} |`;
}

function section(file: string): string {
  const paragraphs = headerOf(readFileSync(join(import.meta.dirname, "..", file), "utf8"));
  return `## ${basename(file)}\n\n${paragraphs.map((paragraph) => `* ${paragraph}`).join("\n")}`;
}

/** The text of `examples/README.md`. */
export function examplesText(): string {
  const stacks = judgedStacks(exampleFiles(), PAGE_DAY);
  return `# Examples

Written by \`npm run generate\`; do not edit. Scenarios of published articles as stack files; claim ids as in
[docs/sources.md](../docs/sources.md). Each is a complete \`breakeven:platform\`:

\`\`\`console
$ npx breakeven check examples/support-chat.yaml
\`\`\`

Verdicts at the prices of ${PAGE_DAY}, means per month. Owning is the whole hybrid: GPUs, platform, people, and the API for what the
models do not take.

| example | verdict | owning | staying | GPUs busy | served by own models | breaks even |
| --- | --- | ---: | ---: | ---: | ---: | --- |
${stacks.map(row).join("\n")}

${stacks.map(({ file }) => section(file)).join("\n\n")}
`;
}

if (import.meta.main) runGenerator(EXAMPLES_FILE, examplesText(), "node cli/examples-page.ts");
