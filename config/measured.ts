import { z } from "zod";
import { day, name, share, text } from "./fields.ts";

const amount = (description: string) => z.number().min(0).meta({ description });

const measuredTaskSchema = z.strictObject({
  requestsPerDay: amount("Mean over the week."),
  inputTokensPerRequest: amount("Mean, cached tokens included."),
  outputTokensPerRequest: amount("Mean."),
  cachedInputShare: share("Input tokens that were cached."),
  week: z.array(amount("Mean requests of the hour.")).length(168).readonly().optional(),
  apiShare: share("Requests the API answered first.").optional(),
  escalationRate: share("Own answers asked again on the API.").optional(),
  answeredShare: share("Requests that got an answer.").optional(),
});

/** A file that `breakeven measure` writes and the config points at. */
export const measuredFileSchema = z.strictObject({
  schema: z.literal("breakeven/measured/v1"),
  environment: text("Stack the traffic is of."),
  from: day("First day."),
  to: day("Last day, whole."),
  days: z.int().min(1),
  /** Share of the hours with data; 0 to 1. */
  coverage: share("Hours with data."),
  /** False when something is missing: such a file proves nothing. */
  complete: z.boolean(),
  problems: z.array(z.string()),
  source: z.strictObject({
    kind: z.enum(["prometheus", "invoice"]),
    of: text("Address or file."),
    detail: z.record(z.string(), z.string()),
  }),
  tasks: z.record(name, measuredTaskSchema),
});

export type MeasuredFile = z.output<typeof measuredFileSchema>;

/** Reads the content of such a file, or says in one line per problem what is wrong with it. */
export function parseMeasured(
  content: string,
): { readonly ok: true; readonly value: MeasuredFile } | { readonly ok: false; readonly reason: string } {
  let raw: unknown;
  try {
    raw = JSON.parse(content);
  } catch (error) {
    return { ok: false, reason: `is not JSON: ${(error as Error).message}` };
  }
  const parsed = measuredFileSchema.safeParse(raw);
  if (parsed.success) return { ok: true, value: parsed.data };
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "the file"}: ${message}`);
  return { ok: false, reason: `is not what breakeven measure writes: ${issues.join("; ")}` };
}
