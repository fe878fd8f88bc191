import { readFileSync } from "node:fs";
import { decisionInput } from "../config/decision-input.ts";
import { declaredItems } from "../config/declared-items.ts";
import { type parsePlatformConfig, problemsText } from "../config/parse.ts";
import type { PlatformConfig } from "../config/platform.ts";
import { CONFIG_KEY } from "../config/problems.ts";
import type { DecisionInput } from "../economics/decide.ts";
import { type OwnerSettings, ownerSettings } from "../policies/owner-settings.ts";
import { parseUnderOwner } from "../policies/under-owner.ts";
import { parseStackFile } from "./parse-stack-file.ts";

/** A stack file read, checked and turned into the question it asks. */
export interface StackQuestion {
  readonly file: string;
  readonly config: PlatformConfig;
  readonly input: DecisionInput;
}

/** `prod` stands for `Pulumi.prod.yaml` in the current folder. */
export const stackFileName = (stack: string): string => (/\.ya?ml$/.test(stack) ? stack : `Pulumi.${stack}.yaml`);

export interface Reading {
  /** What the platform owner pins over the stack's claims. */
  readonly owner?: OwnerSettings;
  readonly parse?: typeof parsePlatformConfig;
}

/** Reads a stack file. Throws with every problem of its config at once. */
export function readStackFile(
  stack: string,
  today: string,
  { owner, parse: parseConfig }: Reading = {},
): StackQuestion {
  const file = stackFileName(stack);
  const raw = parseStackFile(readFileSync(file, "utf8"), file).config?.[CONFIG_KEY];
  if (raw === undefined) throw new Error(`${file} has no ${CONFIG_KEY} under config; see docs/config.md`);
  const parsed = parseUnderOwner(raw, owner ?? ownerSettings({}), parseConfig);
  if (!parsed.ok) throw new Error(`${file}: ${problemsText(parsed.problems)}`);
  const { config, catalog } = parsed;
  return { file, config, input: decisionInput(config, declaredItems(config), catalog, today) };
}
