/** Copies of a project's settings for the sandbox to work on; the project's own files stay as they are. */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { PLUGINS_DIR } from "./places.ts";

/** Stands where a stack file holds an encrypted value: the sandbox has no key, and nothing to keep secret. */
export const SECRET_PLACEHOLDER = "sandbox-placeholder";

interface Mapping {
  [key: string]: unknown;
}

export interface StackFiles {
  /** The settings file of the project, `Pulumi.yaml`. */
  projectDir: string;
  stackName: string;
  /** The stack's settings, `Pulumi.<stack>.yaml`. */
  configFile: string;
}

/** There is no settings file for the stack. */
export class MissingStackError extends Error {
  constructor(projectDir: string, stackName: string, configFile: string) {
    const names = stackNames(projectDir).join(", ") || "none";
    super(`there is no stack "${stackName}": ${configFile} does not exist; stacks with a file here: ${names}`);
    this.name = "MissingStackError";
  }
}

/** Writes the sandbox's copies of both settings files into `workDir`. Returns the paths of replaced secrets. */
export function writeStackFiles(workDir: string, { projectDir, stackName, configFile }: StackFiles): string[] {
  if (!existsSync(configFile)) throw new MissingStackError(projectDir, stackName, configFile);
  const { backend, ...project } = readMapping(join(projectDir, "Pulumi.yaml"));
  const { encryptionsalt, encryptedkey, secretsprovider, ...settings } = readMapping(configFile);
  const replaced: string[] = [];
  const config = withoutSecrets(settings.config ?? {}, "config", replaced);
  mkdirSync(workDir, { recursive: true });
  // `plugins` win over every installed plugin, and unlike PATH they are used without a warning.
  const plugin = (name: string) => ({ name, path: PLUGINS_DIR });
  const plugins = {
    providers: ["aws", "kubernetes", "random"].map(plugin),
    analyzers: [plugin("policy-nodejs")],
  };
  writeFileSync(join(workDir, "Pulumi.yaml"), stringify({ ...project, main: projectDir, plugins }));
  writeFileSync(join(workDir, `Pulumi.${stackName}.yaml`), stringify({ ...settings, config }));
  return replaced;
}

/** The program's entry point as `Pulumi.yaml` names it. */
export function entryPoint(projectDir: string): string {
  return join(projectDir, String(readMapping(join(projectDir, "Pulumi.yaml")).main ?? "index.ts"));
}

/** The stacks that have a settings file in the project, sorted. */
export function stackNames(projectDir: string): string[] {
  return readdirSync(projectDir)
    .map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

function readMapping(file: string): Mapping {
  let value: unknown;
  try {
    value = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`cannot read ${file}: ${(error as Error).message}`);
  }
  if (value === null || value === undefined) return {};
  if (typeof value !== "object" || Array.isArray(value)) throw new Error(`${file} must hold a mapping`);
  return value as Mapping;
}

function withoutSecrets(value: unknown, path: string, replaced: string[]): unknown {
  if (Array.isArray(value)) return value.map((item, index) => withoutSecrets(item, `${path}[${index}]`, replaced));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]?.[0] === "secure" && typeof entries[0][1] === "string") {
    replaced.push(path);
    return SECRET_PLACEHOLDER;
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutSecrets(item, `${path}.${key}`, replaced)]));
}
