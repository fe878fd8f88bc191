import { judgedStacks } from "../../cli/committed-stacks.ts";
import { REPORT_SCHEMA, type Report } from "../../report/document.ts";
import { answered, type Question } from "../../report/question.ts";
import { documented } from "../../report/schema.ts";
import { TODAY } from "../policies/graphs.ts";

/** The report on a committed stack or file, on the day all committed figures are judged on. */
export function reportOf(stack: string): { readonly report: Report; readonly question: Question } {
  const file = stack.endsWith(".yaml") ? stack : `Pulumi.${stack}.yaml`;
  const input = judgedStacks([file], TODAY)[0]?.input;
  if (input === undefined) throw new Error(file);
  const { results, question } = answered(input);
  const subject = { kind: "declared", file } as const;
  return {
    report: documented({ schema: REPORT_SCHEMA, subject, results, differences: [], measured: null, change: null }),
    question,
  };
}
