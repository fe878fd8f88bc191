import { join } from "node:path";
import { allowed, platformNode, type SchemaNode } from "./allowed.ts";
import { runGenerator } from "./generated-file.ts";

export const REFERENCE_FILE = join(import.meta.dirname, "../docs/config.md");

const INTRO = `# Config reference

One object, \`breakeven:platform\` in \`Pulumi.<stack>.yaml\`, describes a stack; unknown keys are errors and all problems are reported at once.
Editors that read \`config/stack.schema.json\` (the committed stack files name it) complete and check it while you type.
Secrets stay out of it: \`pulumi config set --secret --path breakeven:apiKeys.<provider>\`, \`pulumi config set --secret breakeven:huggingFaceToken\`.

This page is generated from the schema: \`node config/reference-page.ts --write\`.`;

/** Sections of the page and what one entry of a section is called. */
const SECTIONS = {
  environment: "",
  cluster: "",
  pools: "<pool>",
  models: "<model>",
  tasks: "<task>",
  measured: "",
  gateway: "",
  loadBalancer: "",
  monitoring: "",
  operations: "",
  economics: "",
} as const;

interface Row {
  readonly path: string;
  readonly node: SchemaNode;
  readonly required: boolean;
}

/** The nodes below an object or list, parents first. An object of several kinds has a table for each, so it is a leaf here. */
function rowsBelow(path: string, node: SchemaNode): readonly Row[] {
  const { properties = {}, required = [], items } = node;
  if (items?.properties !== undefined) return rowsBelow(`${path}[]`, items);
  return Object.entries(properties).flatMap(([key, child]) => {
    const row = { path: `${path}.${key}`, node: child, required: required.includes(key) };
    return [row, ...rowsBelow(row.path, child)];
  });
}

const code = (text: string): string => `\`${text}\``;

/** Text as YAML takes it: quoted where it would be read as a number. */
const literal = (text: string): string => code(Number.isNaN(Number(text)) ? text : `"${text}"`);

/** Text as it may stand in a table cell: values in quotes become code. */
const cell = (text: string): string =>
  text.replace(/"([^"]+)"/g, (_, value: string) => literal(value)).replaceAll("|", "\\|");

function defaultOf({ node, required }: Row): string {
  if (required) return "required";
  if (node.default === undefined) return "–";
  if (node.properties !== undefined) return "as below";
  return typeof node.default === "string" ? literal(node.default) : code(JSON.stringify(node.default));
}

function table(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const { description = "", unit = "" } = row.node;
    const cells = [code(row.path), cell(allowed(row.node)), defaultOf(row), unit, cell(description)];
    return `| ${cells.join(" | ")} |`;
  });
  return ["| field | allowed | default | unit | description |", "| --- | --- | --- | --- | --- |", ...lines].join("\n");
}

/** A table for each kind of an object, under a heading of its own. */
function kindTables({ path, node }: Row): readonly string[] {
  return (node.oneOf ?? []).map((form) => {
    const kind = form.properties?.["kind"]?.const;
    const rows = rowsBelow(path, form).filter((row) => row.path !== `${path}.kind`);
    return `### ${code(`${path}.kind: ${kind}`)}\n\n${form.description}\n\n${table(rows)}`;
  });
}

/** A section of one object, or of entries that the user names. */
function section(name: keyof typeof SECTIONS, root: SchemaNode): string {
  const node = root.properties?.[name];
  if (node === undefined) throw new Error(`the config has no section ${name}`);
  const entry = SECTIONS[name];
  const path = entry === "" ? name : `${name}.${entry}`;
  const form = node.additionalProperties || node;
  const row = { path, node, required: (root.required ?? []).includes(name) };
  const rows = form.properties === undefined ? [row] : rowsBelow(path, form);
  const naming = node.propertyNames && `${code(entry)} is a name of your own: ${allowed(node.propertyNames)}.`;
  const description = form.properties === undefined ? undefined : node.description;
  const parts = [`## ${name}`, description, naming, table(rows), ...rows.flatMap(kindTables)];
  return parts.filter((part) => part !== undefined).join("\n\n");
}

/** The text of `docs/config.md`. */
export function referencePage(): string {
  const root = platformNode();
  const missing = Object.keys(root.properties ?? {}).filter((name) => !(name in SECTIONS));
  if (missing.length > 0) throw new Error(`the reference leaves out ${missing.join(", ")}`);
  const names = Object.keys(SECTIONS) as (keyof typeof SECTIONS)[];
  return `${[INTRO, ...names.map((name) => section(name, root))].join("\n\n")}\n`;
}

if (import.meta.main) runGenerator(REFERENCE_FILE, referencePage(), "node config/reference-page.ts");
