import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { CONFIG_KEY } from "../../config/problems.ts";

const ROOT = join(import.meta.dirname, "../..");

export interface StackFile {
  readonly file: string;
  readonly text: string;
  readonly content: { readonly config: Readonly<Record<string, unknown>> };
  /** The value of `breakeven:platform`. */
  readonly platform: unknown;
}

const examples = readdirSync(join(ROOT, "examples")).filter((file) => file.endsWith(".yaml"));

/** Every committed stack file: environments and examples. */
export const stackFiles: readonly StackFile[] = readdirSync(ROOT)
  .filter((file) => /^Pulumi\..+\.yaml$/.test(file))
  .concat(examples.map((file) => join("examples", file)))
  .map((file) => {
    const text = readFileSync(join(ROOT, file), "utf8");
    const content = parse(text);
    return { file, text, content, platform: content.config[CONFIG_KEY] };
  });
