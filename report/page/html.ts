/** Text that is markup already. Everything else is escaped when it is put into markup. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

type Value = string | number | Markup | undefined | false | readonly Value[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const markupOf = (value: Value): string => {
  if (value instanceof Markup) return value.text;
  if (value === undefined || value === false) return "";
  if (typeof value === "object") return value.map(markupOf).join("");
  // A line never ends between a minus sign and its amount.
  return String(value)
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "")
    .replaceAll("−$", "−\u2060$");
};

/** A tagged template: what is put in is escaped, unless it is markup; lists are joined, `false` and undefined are left out. */
export const html = (parts: TemplateStringsArray, ...values: readonly Value[]): Markup =>
  new Markup(parts.reduce((text, part, index) => text + markupOf(values[index - 1]) + part));
