import { fileURLToPath } from "node:url";
import { z } from "zod";
import { runGenerator } from "../config/generated-file.ts";
import { REPORT_SCHEMA, type Report } from "./document.ts";
import { resultsSchema } from "./results-schema.ts";
import { day, described, list, share } from "./schema-fields.ts";

const delta = { before: z.number(), after: z.number(), difference: z.number() };

export const reportSchema = z.object({
  schema: z.literal(REPORT_SCHEMA),
  subject: z.object({
    kind: described(z.enum(["declared", "planned"]), "What a stack file declares, or the resources of a preview."),
    file: z.string(),
    owner: described(
      z.string().optional(),
      "File with what the platform owner pinned over the stack's own claims; left out where there was none.",
    ),
  }),
  results: resultsSchema,
  differences: described(list(z.string()), "Where the planned resources are not what the stack declares."),
  measured: described(
    z.object({
      from: day("First day."),
      to: day("Last day."),
      coverage: share("Part of that time with data."),
      complete: z.boolean(),
      source: z.string(),
      rows: list(
        z.object({
          task: z.string(),
          quantity: z.string(),
          isShare: described(z.boolean(), "Whether the figures are shares, 0 to 1."),
          forecast: z.number(),
          measured: z.number(),
        }),
      ),
    }),
    "Forecast beside measured traffic; null where the config points at no measurement.",
  )
    .nullable()
    .default(null),
  change: described(
    z.object({
      base: z.object({
        file: z.string(),
        today: day("The day of the base report."),
        verdict: z.enum(["pass", "marginal", "block", "rent", "unpriced"]),
      }),
      owningUsdPerMonth: z.object(delta),
      stayingUsdPerMonth: z.object(delta),
      lines: described(
        list(z.object({ label: z.string(), labelBefore: z.string().nullable(), ...delta })),
        "Lines of owning that moved, the largest move first, US dollars per month.",
      ),
    }),
    "Against the base report; null where none was given.",
  ).nullable(),
});

/** Exactly what the schema names: nothing undocumented leaves in a report. */
export const documented = (report: Report): Report => reportSchema.parse(report);

export type ReportReading =
  | { readonly ok: true; readonly report: Report }
  | { readonly ok: false; readonly reason: string };

const HOW = "make it with: breakeven report <stack> --format json --out base.json";

/** Reads a report that was written as JSON. */
export function parseReport(content: string): ReportReading {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    return { ok: false, reason: `it is not JSON; ${HOW}` };
  }
  const schema = (json as { schema?: unknown } | null)?.schema;
  if (schema !== REPORT_SCHEMA) {
    const found = typeof schema === "string" ? `its schema is "${schema}"` : "it names no schema";
    return { ok: false, reason: `${found}, expected "${REPORT_SCHEMA}"; ${HOW}` };
  }
  const reading = reportSchema.safeParse(json);
  if (reading.success) return { ok: true, report: reading.data };
  const [issue] = reading.error.issues;
  return { ok: false, reason: `it is no whole report: ${issue?.path.join(".")}: ${issue?.message}; ${HOW}` };
}

export const SCHEMA_FILE = fileURLToPath(new URL("report.schema.json", import.meta.url));

/** The text of `report/report.schema.json`. */
export const schemaText = (): string =>
  `${JSON.stringify({ title: "Report of breakeven", ...z.toJSONSchema(reportSchema, { target: "draft-7", io: "input" }) }, undefined, 2)}\n`;

if (import.meta.main) runGenerator(SCHEMA_FILE, schemaText(), "node report/schema.ts");
