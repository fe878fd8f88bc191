import { readFileSync } from "node:fs";

const read = (file: string): string => readFileSync(new URL(`./plugins/${file}`, import.meta.url), "utf8");

/** Python modules LiteLLM imports from the folder of its configuration: API keys, and the data-class guard. */
export const plugins: Readonly<Record<string, string>> = { "gwauth.py": read("gwauth.py"), "gwpolicy.py": read("gwpolicy.py") };
