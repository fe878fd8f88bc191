import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { loadCatalog } from "../catalog/load.ts";
import { decisionInput } from "../config/decision-input.ts";
import { declaredItems } from "../config/declared-items.ts";
import { parsePlatformConfig, problemsText } from "../config/parse.ts";
import type { PlatformConfig } from "../config/platform.ts";
import { CONFIG_KEY } from "../config/problems.ts";
import type { DecisionInput } from "../economics/decide.ts";

/** A stack file read, checked and turned into the question it asks. */
export interface StackQuestion {
  readonly file: string;
  readonly config: PlatformConfig;
  readonly input: DecisionInput;
}

/** `prod` stands for `Pulumi.prod.yaml` in the current folder. */
export const stackFileName = (stack: string): string => (/\.ya?ml$/.test(stack) ? stack : `Pulumi.${stack}.yaml`);

/** Reads a stack file. Throws with every problem of its config at once. */
export function readStackFile(stack: string, today: string, parseConfig = parsePlatformConfig): StackQuestion {
  const file = stackFileName(stack);
  const raw = parse(readFileSync(file, "utf8"))?.config?.[CONFIG_KEY];
  if (raw === undefined) throw new Error(`${file} has no ${CONFIG_KEY} under config; see docs/config.md`);
  const parsed = parseConfig(raw, loadCatalog());
  if (!parsed.ok) throw new Error(`${file}: ${problemsText(parsed.problems)}`);
  const { config, catalog } = parsed;
  return { file, config, input: decisionInput(config, declaredItems(config), catalog, today) };
}
