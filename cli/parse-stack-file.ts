import { isMap, isScalar, LineCounter, type Node, parseDocument, visit } from "yaml";
import { CONFIG_KEY, pathOf } from "../config/problems.ts";

/** Names given twice: the second would silently be the one that counts, or hide behind a parser's error. */
function duplicates(root: Node | null, lines: LineCounter): readonly string[] {
  const found: string[] = [];
  visit(root, {
    Map(_, map, ancestors) {
      const above = ancestors.flatMap((node) => ("key" in node && isScalar(node.key) ? [String(node.key.value)] : []));
      const seen = new Map<string, number>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        const line = lines.linePos(key.range?.[0] ?? 0).line;
        const first = seen.get(name);
        if (first === undefined) seen.set(name, line);
        else
          found.push(
            `${whereOf([...above, name])}: is given twice, in lines ${first} and ${line}; rename or remove one`,
          );
      }
    },
  });
  return found;
}

/** Below the platform's own key as problems of the config are named. */
function whereOf([section, key, ...path]: readonly string[]): string {
  return section === "config" && key === CONFIG_KEY
    ? `${CONFIG_KEY}${path.length > 0 ? `.${pathOf(path)}` : ""}`
    : [section, key, ...path].filter((part) => part !== undefined).join(".");
}

/** What a stack file holds. Throws with every name that is given twice, or where it is no YAML. */
export function parseStackFile(text: string, file: string): { readonly config?: Readonly<Record<string, unknown>> } {
  const lines = new LineCounter();
  const document = parseDocument(text, { uniqueKeys: false, lineCounter: lines });
  const [error] = document.errors;
  if (error !== undefined) throw new Error(`${file}: ${error.message}`);
  const twice = duplicates(document.contents, lines);
  if (twice.length > 0) throw new Error(`${file}: ${twice.join("\n")}`);
  return isMap(document.contents) ? document.toJS() : {};
}
