import { readFileSync } from "node:fs";

const read = (file: string): string => readFileSync(new URL(`./plugins/${file}`, import.meta.url), "utf8");

/** Python modules LiteLLM imports from the folder of its configuration: API keys, the paths that answer, the data-class guard, second answers, early imports. */
export const plugins: Readonly<Record<string, string>> = Object.fromEntries(
  ["gwanswers.py", "gwauth.py", "gwpaths.py", "gwpolicy.py", "gwstart.py"].map((file) => [file, read(file)]),
);

/** One more where keys of providers are mounted. */
export const providersPlugin: Readonly<Record<string, string>> = { "gwproviders.py": read("gwproviders.py") };

/** One more where answers are kept. */
export const capturePlugin: Readonly<Record<string, string>> = { "gwcapture.py": read("gwcapture.py") };
