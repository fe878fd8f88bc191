import { type ConfigProblem, pathOf } from "./problems.ts";

/** Where an entry of a section stands, and how a problem with one of its fields is added. */
export interface Place {
  readonly name: string;
  readonly path: string;
  add(field: string, message: string): void;
}

/** Problems of every entry of a section. */
export function problemsOfEach<T>(
  section: string,
  entries: Readonly<Record<string, T>>,
  check: (entry: T, place: Place) => void,
): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const [name, entry] of Object.entries(entries)) {
    const path = pathOf([section, name]);
    const add = (field: string, message: string) =>
      problems.push({ path: field === "" ? path : `${path}.${field}`, message });
    check(entry, { name, path, add });
  }
  return problems;
}
