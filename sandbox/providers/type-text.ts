/** Reads the subset of TypeScript type syntax that generated Pulumi SDKs use in their declarations. */

export type TypeExpression =
  | { kind: "any" }
  | { kind: "undefined" }
  | { kind: "string" | "number" | "boolean" }
  | { kind: "literal"; value: string | number | boolean }
  | { kind: "array"; item: TypeExpression }
  | { kind: "map"; item: TypeExpression }
  | { kind: "union"; options: TypeExpression[] }
  /** `path` is `["eks", "NodeGroupScalingConfig"]` for `inputs.eks.NodeGroupScalingConfig`. */
  | { kind: "reference"; side: "input" | "output"; path: string[] };

export interface Member {
  isOptional: boolean;
  type: TypeExpression;
}

export type Members = Map<string, Member>;

const TOKEN = /\s*(?:\/\*[\s\S]*?\*\/\s*)*([A-Za-z_$][\w$]*|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|[{}[\]()<>|:;?.,])/y;

class Reader {
  private readonly tokens: string[] = [];
  private next = 0;

  constructor(text: string) {
    TOKEN.lastIndex = 0;
    for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) this.tokens.push(match[1] as string);
  }

  peek(): string | undefined {
    return this.tokens[this.next];
  }

  take(): string {
    const token = this.tokens[this.next++];
    if (token === undefined) throw new Error("the SDK's type declaration ends early");
    return token;
  }

  takeIf(token: string): boolean {
    if (this.peek() !== token) return false;
    this.next++;
    return true;
  }

  expect(token: string): void {
    const found = this.take();
    if (found !== token) throw new Error(`the SDK's type declaration has "${found}" where "${token}" was expected`);
  }
}

/** The members of an interface or class body: the text between its braces. */
export function readMembers(body: string): Members {
  const reader = new Reader(body);
  const members: Members = new Map();
  while (reader.peek() !== undefined) {
    reader.takeIf("readonly");
    const name = unquoted(reader.take());
    const isOptional = reader.takeIf("?");
    reader.expect(":");
    members.set(name, { isOptional, type: readUnion(reader) });
    reader.takeIf(";");
  }
  return members;
}

function readUnion(reader: Reader): TypeExpression {
  const options: TypeExpression[] = [];
  do options.push(readArray(reader));
  while (reader.takeIf("|"));
  return options.length === 1 ? (options[0] as TypeExpression) : { kind: "union", options };
}

function readArray(reader: Reader): TypeExpression {
  let type = readPrimary(reader);
  while (reader.takeIf("[")) {
    reader.expect("]");
    type = { kind: "array", item: type };
  }
  return type;
}

function readPrimary(reader: Reader): TypeExpression {
  const token = reader.take();
  if (token === "(") {
    const type = readUnion(reader);
    reader.expect(")");
    return type;
  }
  if (token === "{") return readMap(reader);
  if (token.startsWith('"')) return { kind: "literal", value: unquoted(token) };
  if (/^-?\d/.test(token)) return { kind: "literal", value: Number(token) };
  if (token === "true" || token === "false") return { kind: "literal", value: token === "true" };
  if (token === "string" || token === "number" || token === "boolean") return { kind: token };
  if (token === "undefined") return { kind: "undefined" };
  return readName(token, reader);
}

function readMap(reader: Reader): TypeExpression {
  reader.expect("[");
  reader.take();
  reader.expect(":");
  reader.take();
  reader.expect("]");
  reader.expect(":");
  const item = readUnion(reader);
  reader.takeIf(";");
  reader.expect("}");
  return { kind: "map", item };
}

function readName(first: string, reader: Reader): TypeExpression {
  const path = [first];
  while (reader.takeIf(".")) path.push(reader.take());
  const last = path.at(-1);
  if (reader.takeIf("<")) {
    const argument = readUnion(reader);
    reader.expect(">");
    return last === "Input" || last === "Output" || last === "Promise" ? argument : { kind: "any" };
  }
  if (first === "inputs" || first === "outputs") {
    return { kind: "reference", side: first === "inputs" ? "input" : "output", path: path.slice(1) };
  }
  // Enums, assets and other resource classes: whatever is passed, the engine has already flattened it.
  return { kind: "any" };
}

const unquoted = (token: string): string => (token.startsWith('"') ? (JSON.parse(token) as string) : token);

/** The options of a type, `undefined` aside. */
export const optionsOf = (type: TypeExpression): TypeExpression[] =>
  (type.kind === "union" ? type.options : [type]).filter((option) => option.kind !== "undefined");

export const allowsUndefined = (type: TypeExpression): boolean =>
  type.kind === "undefined" || (type.kind === "union" && type.options.some(allowsUndefined));
