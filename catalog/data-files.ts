import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const KINDS = [
  "gpus",
  "models",
  "instance-types",
  "offerings",
  "services",
  "api-models",
  "gpu-clouds",
  "throughput",
] as const;
export type Kind = (typeof KINDS)[number];

/** Beside the data files: the checksum of all of them at the time they last passed every check. */
export const SEAL_FILE = "validated.sha256";

/** The texts of a catalogue; undefined where a file cannot be read. */
export interface DataFiles {
  readonly texts: Readonly<Record<Kind, string | undefined>>;
  /** Whether the seal says that these very texts have passed every check. */
  readonly isSealed: boolean;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** What the seal of these texts says. */
export const sealOf = (texts: DataFiles["texts"]): string =>
  `${hash("sha256", KINDS.map((kind) => `${kind} ${texts[kind]?.length} ${texts[kind]}`).join("\n"))}\n`;

/** Reads `<kind>.json` of every kind. */
export function readDataFiles(directory: string): DataFiles {
  const texts = Object.fromEntries(
    KINDS.map((kind) => [kind, textOf(join(directory, `${kind}.json`))]),
  ) as DataFiles["texts"];
  return { texts, isSealed: textOf(join(directory, SEAL_FILE)) === sealOf(texts) };
}

/** What the text of a data file holds, or what is wrong with it. */
export function contentOf(
  kind: Kind,
  text: string | undefined,
): { readonly content: Readonly<Record<string, unknown>> } | { readonly problem: string } {
  if (text === undefined) return { problem: "cannot be read" };
  let content: Readonly<Record<string, unknown>>;
  try {
    content = JSON.parse(text) ?? {};
  } catch (error) {
    return { problem: `not JSON: ${(error as Error).message}` };
  }
  return content["kind"] === kind
    ? { content }
    : { problem: `kind: ${shown(content["kind"])} is not allowed; expected "${kind}"` };
}

/** A value as a problem quotes it: short, and never `undefined`. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? "nothing";
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}
