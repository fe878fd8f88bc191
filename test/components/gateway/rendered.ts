import { createHash } from "node:crypto";

/**
 * A stand-in for the template engine of the External Secrets Operator: the one pipeline that is used here, `trim` and
 * `sha256sum` of a field. Throws for anything else in braces.
 */
export const rendered = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\{\{.*?\}\}/g, (action) => {
    const [, field = ""] = /^\{\{ index \. "([-.a-z0-9]+)" \| trim \| sha256sum \}\}$/.exec(action) ?? [];
    const value = values[field];
    if (value === undefined) throw new Error(`cannot render ${action}`);
    return createHash("sha256").update(value.trim()).digest("hex");
  });
