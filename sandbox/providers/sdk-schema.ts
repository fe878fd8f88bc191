/**
 * The schema of a resource type, read from the declarations of the pinned SDK on first use: a type that the SDK does
 * not have does not exist here either, and no second copy of the schema can fall behind.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { allowsUndefined, type Members, readMembers, type TypeExpression } from "./type-text.ts";

export interface ResourceSchema {
  /** `aws:eks/nodeGroup:NodeGroup` */
  token: string;
  inputs: Members;
  /** Every property of the deployed resource, inputs included. */
  outputs: Members;
}

export class SdkSchema {
  private readonly resources = new Map<string, ResourceSchema | undefined>();
  private readonly interfaces = new Map<string, Members | undefined>();
  private readonly namespaces = new Map<string, string | undefined>();
  private readonly packageDir: string;
  private readonly moduleOf: (token: string) => string | undefined;

  /**
   * @param packageDir the SDK's folder in node_modules
   * @param moduleOf the module that declares a type, relative to packageDir and without extension; undefined if none
   */
  constructor(packageDir: string, moduleOf: (token: string) => string | undefined) {
    this.packageDir = packageDir;
    this.moduleOf = moduleOf;
  }

  /** The schema of a type, or undefined where the SDK has no such type. */
  resource(token: string): ResourceSchema | undefined {
    if (!this.resources.has(token)) this.resources.set(token, this.readResource(token));
    return this.resources.get(token);
  }

  /** The SDK's version; the engine warns about a provider that has another. */
  version(): string {
    return JSON.parse(this.text("package.json")).version;
  }

  /** The configuration that an explicit provider of this package takes. */
  providerInputs(): Members {
    const text = this.text("provider.d.ts");
    return readMembers(bodyAfter(text, "export interface ProviderArgs {", "\n}") ?? "");
  }

  /** The members of a nested type; undefined where the declaration is not a plain interface. */
  members(reference: TypeExpression & { kind: "reference" }): Members | undefined {
    const key = `${reference.side}.${reference.path.join(".")}`;
    if (!this.interfaces.has(key)) this.interfaces.set(key, this.readInterface(reference.side, reference.path));
    return this.interfaces.get(key);
  }

  private readResource(token: string): ResourceSchema | undefined {
    const module = this.moduleOf(token);
    if (module === undefined || !existsSync(join(this.packageDir, `${module}.js`))) return undefined;
    if (!this.text(`${module}.js`).includes(`__pulumiType = '${token}'`)) return undefined;
    const name = token.slice(token.lastIndexOf(":") + 1);
    const declarations = this.text(`${module}.d.ts`);
    const classBody = bodyAfter(declarations, `class ${name} extends pulumi.CustomResource {`, "\n}");
    const argsBody = bodyAfter(declarations, `export interface ${name}Args {`, "\n}");
    if (classBody === undefined || argsBody === undefined) return undefined;
    return { token, inputs: readMembers(argsBody), outputs: readMembers(propertiesOf(classBody)) };
  }

  private readInterface(side: "input" | "output", path: string[]): Members | undefined {
    const scope = this.namespace(side, path.slice(0, -1));
    const indent = "    ".repeat(path.length - 1);
    const keyword = path.length === 1 ? "export interface" : "interface";
    const body = scope && bodyAfter(scope, `\n${indent}${keyword} ${path.at(-1)} {`, `\n${indent}}`);
    return body === undefined ? undefined : readMembers(body);
  }

  /** The text of `namespace eks { … }`; these files are megabytes long, so each namespace is looked for once. */
  private namespace(side: "input" | "output", path: string[]): string | undefined {
    const key = [side, ...path].join(".");
    if (!this.namespaces.has(key)) this.namespaces.set(key, this.readNamespace(side, path));
    return this.namespaces.get(key);
  }

  private readNamespace(side: "input" | "output", path: string[]): string | undefined {
    if (path.length === 0) return `\n${this.text(`types/${side}.d.ts`)}`;
    const outer = path.slice(0, -1);
    const indent = "    ".repeat(outer.length);
    const keyword = outer.length === 0 ? "export declare namespace" : "namespace";
    const scope = this.namespace(side, outer);
    return scope && bodyAfter(scope, `\n${indent}${keyword} ${path.at(-1)} {`, `\n${indent}}`);
  }

  private text(file: string): string {
    return readFileSync(join(this.packageDir, file), "utf8");
  }
}

/** Computed: the provider decides it when the program does not. */
export const isComputed = (schema: ResourceSchema, property: string): boolean => {
  const output = schema.outputs.get(property);
  return output !== undefined && !allowsUndefined(output.type);
};

/** The `readonly` lines of a class body: generated SDKs put them between the static members and the constructor. */
function propertiesOf(classBody: string): string {
  const code = classBody.replaceAll(/\/\*[\s\S]*?\*\//g, "");
  const start = code.indexOf("readonly ");
  return start < 0 ? "" : code.slice(start, code.indexOf("constructor("));
}

function bodyAfter(text: string, opening: string, closing: string): string | undefined {
  const start = text.indexOf(opening);
  if (start < 0) return undefined;
  const end = text.indexOf(closing, start + opening.length);
  return end < 0 ? undefined : text.slice(start + opening.length, end);
}
