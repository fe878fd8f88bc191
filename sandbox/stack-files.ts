/** Copies of a project's settings for the sandbox to work on; the project's own files stay as they are. */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Document, isMap, isPair, isSeq, parseDocument, Scalar, visit } from "yaml";
import { PLUGINS_DIR } from "./places.ts";

/** Stands where a stack file holds an encrypted value: the sandbox has no key, and nothing to keep secret. */
export const SECRET_PLACEHOLDER = "sandbox-placeholder";

// These win over every installed plugin, and unlike plugins on PATH they are used without a warning.
const plugin = (name: string) => ({ name, path: PLUGINS_DIR });
const PLUGINS = {
  providers: ["aws", "kubernetes", "random"].map(plugin),
  analyzers: [plugin("policy-nodejs")],
};

export interface StackFiles {
  /** The settings file of the project, `Pulumi.yaml`. */
  projectDir: string;
  stackName: string;
  /** The stack's settings, `Pulumi.<stack>.yaml`. */
  configFile: string;
  /** Values to set on top, by path: `{"breakeven:apiKeys.openai": "x"}`. */
  config?: Readonly<Record<string, string>>;
}

/** There is no settings file for the stack. */
export class MissingStackError extends Error {
  constructor(projectDir: string, stackName: string, configFile: string) {
    const names = stackNames(projectDir).join(", ") || "none";
    super(`there is no stack "${stackName}": ${configFile} does not exist; stacks with a file here: ${names}`);
    this.name = "MissingStackError";
  }
}

/**
 * Writes the sandbox's copies of both settings files into `workDir`, as they are written: unquoted and quoted dates,
 * say, are different things to the engine. Returns the paths of replaced secrets.
 */
export function writeStackFiles(
  workDir: string,
  { projectDir, stackName, configFile, config = {} }: StackFiles,
): string[] {
  if (!existsSync(configFile)) throw new MissingStackError(projectDir, stackName, configFile);
  const project = readDocument(join(projectDir, "Pulumi.yaml"));
  project.delete("backend");
  project.set("main", projectDir);
  project.set("plugins", project.createNode(PLUGINS));
  const settings = readDocument(configFile);
  for (const key of ["encryptionsalt", "encryptedkey", "secretsprovider"]) settings.delete(key);
  const replaced = replaceSecrets(settings);
  for (const [path, value] of Object.entries(config)) settings.setIn(["config", ...path.split(".")], value);
  mkdirSync(workDir, { recursive: true });
  writeFileSync(join(workDir, "Pulumi.yaml"), String(project));
  writeFileSync(join(workDir, `Pulumi.${stackName}.yaml`), String(settings));
  return replaced;
}

/** The program's entry point as `Pulumi.yaml` names it. */
export function entryPoint(projectDir: string): string {
  return join(projectDir, String(readDocument(join(projectDir, "Pulumi.yaml")).get("main") ?? "index.ts"));
}

/** The stacks that have a settings file in the project, sorted. */
export function stackNames(projectDir: string): string[] {
  return readdirSync(projectDir)
    .map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

function readDocument(file: string): Document {
  const document = parseDocument(readFileSync(file, "utf8"));
  if (document.errors[0]) throw new Error(`cannot read ${file}: ${document.errors[0].message}`);
  if (document.contents === null) return new Document({});
  if (!isMap(document.contents)) throw new Error(`${file} must hold a mapping`);
  return document;
}

/** Replaces every `{secure: …}` by a placeholder. */
function replaceSecrets(settings: Document): string[] {
  const replaced: string[] = [];
  visit(settings, {
    Map(key, node, ancestors) {
      if (node.items.length !== 1 || typeof node.get("secure") !== "string") return undefined;
      replaced.push(pathOf([...ancestors, node], key));
      return new Scalar(SECRET_PLACEHOLDER);
    },
  });
  return replaced;
}

/** `config.p:list[0].token`; the visitor knows the last key only by the pair or the position it is at. */
function pathOf(nodes: readonly unknown[], last: unknown): string {
  return nodes
    .map((node, index) => {
      if (isPair(node)) return `.${node.key}`;
      const parent = nodes[index - 1];
      if (!isSeq(parent)) return "";
      return `[${index === nodes.length - 1 ? last : parent.items.indexOf(node as never)}]`;
    })
    .join("")
    .slice(1);
}
