import type { z } from "zod";
import { contentOf, type DataFiles, type Kind, shown } from "./data-files.ts";
import { nearestNames } from "./nearest.ts";

export type Row = Readonly<Record<string, unknown>>;
type RowSchema = z.ZodObject<Readonly<Record<string, z.ZodType>>>;

/** Words that tell the rows of a file apart: shown in problems, and no two rows may share them. */
const KEY_FIELDS: Partial<Readonly<Record<Kind, readonly string[]>>> = {
  offerings: ["instanceType", "region", "purchase"],
  services: ["sku", "region"],
  "gpu-clouds": ["provider", "gpu", "formFactor", "basis", "gpusPerOffer"],
};

const UNNAMED = "unnamed";

const labelOf = (kind: Kind, row: Row): string =>
  (KEY_FIELDS[kind] ?? ["name"]).flatMap((field) => (typeof row[field] === "string" ? [row[field]] : [])).join(" ") ||
  UNNAMED;

/** Reads the rows of data files and gathers every problem of every file, so that one run shows all of them. */
export class Reader {
  readonly problems: string[] = [];
  private readonly files: DataFiles;
  private readonly label: string;

  constructor(files: DataFiles, label: string) {
    this.files = files;
    this.label = label;
  }

  /** The rows of `<kind>.json`; refused rows are reported and left out. */
  rows<Schema extends RowSchema>(kind: Kind, schema: Schema): readonly z.infer<Schema>[] {
    const rows = this.parse(kind);
    if (this.files.isSealed) return rows as readonly z.infer<Schema>[];
    const valid: z.infer<Schema>[] = [];
    const owners = new Map<string, string>();
    rows.forEach((raw, index) => {
      const row: Row = typeof raw === "object" && raw !== null ? (raw as Row) : {};
      const parsed = schema.safeParse(raw);
      if (parsed.success) valid.push(parsed.data);
      else for (const issue of parsed.error.issues) this.reject(kind, index, row, describe(issue, raw, schema));
      for (const name of new Set(namesOf(kind, row).map((name) => name.toLowerCase()))) {
        const owner = owners.get(name);
        if (owner === undefined) owners.set(name, `row ${index + 1}`);
        else this.reject(kind, index, row, `"${name}" is not allowed; expected a name that ${owner} does not have`);
      }
    });
    return valid;
  }

  reject(kind: Kind, index: number, row: Row, problem: string): void {
    this.problems.push(`${this.label}/${kind}.json row ${index + 1} (${labelOf(kind, row)}): ${problem}`);
  }

  private parse(kind: Kind): readonly unknown[] {
    const refuse = (problem: string): readonly unknown[] => {
      this.problems.push(`${this.label}/${kind}.json: ${problem}`);
      return [];
    };
    const read = contentOf(kind, this.files.texts[kind]);
    if ("problem" in read) return refuse(read.problem);
    const { rows } = read.content;
    return Array.isArray(rows) ? rows : refuse(`rows: ${shown(rows)} is not allowed; expected a list of rows`);
  }
}

/** Names a row claims; no other row of the file may have them. */
function namesOf(kind: Kind, row: Row): readonly string[] {
  const aliases = Array.isArray(row.aliases) ? row.aliases.filter((alias) => typeof alias === "string") : [];
  const label = labelOf(kind, row);
  return label === UNNAMED ? aliases : [label, ...aliases];
}

/** One problem in words: field, value and what is allowed. */
function describe(issue: z.core.$ZodIssue, raw: unknown, schema: RowSchema): string {
  const path = issue.path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : text === "" ? String(key) : `${text}.${String(key)}`),
    "",
  );
  if (issue.code === "unrecognized_keys") {
    const near = nearestNames(
      issue.keys[0] ?? "",
      Object.keys(schema.shape).map((key) => [key]),
    );
    const field = issue.keys.map((key) => (path === "" ? key : `${path}.${key}`)).join(", ");
    return `${field}: unknown field${path === "" && near.length > 0 ? `; nearest known: ${near.join(", ")}` : ""}`;
  }
  const value = issue.path.reduce<unknown>((at, key) => (at as Row | undefined)?.[key as string], raw);
  const field = path === "" ? "" : `${path}: `;
  return value === undefined
    ? `${field}missing; expected ${issue.message}`
    : `${field}${shown(value)} is not allowed; expected ${issue.message}`;
}
