import { readFileSync } from "node:fs";
import type { PlatformConfig } from "../config/platform.ts";
import type { DecisionInput } from "../economics/decide.ts";
import { plannedStack } from "../policies/assess.ts";
import { differences } from "../policies/compare-plans.ts";
import { type OwnerSettings, ownerSettings } from "../policies/owner-settings.ts";
import { previewResources } from "../policies/planned-preview.ts";
import type { Subject } from "../report/document.ts";
import { readStackFile } from "./stack-file.ts";

/** What a report is about: the question, and how it was read. */
export interface Judged {
  readonly subject: Subject;
  readonly input: DecisionInput;
  /** Where the planned resources are not what the stack declares. */
  readonly differences: readonly string[];
  readonly config: PlatformConfig;
}

/** The platform owner's settings, and the file they are from. */
export interface Owner {
  readonly settings: OwnerSettings;
  readonly file?: string | undefined;
}

const NO_OWNER: Owner = { settings: ownerSettings({}) };

/** The plan a stack file declares. Throws with every problem of its config. */
export function declared(stack: string, today: string, owner = NO_OWNER): Judged {
  const { file, input, config } = readStackFile(stack, today, { owner: owner.settings });
  return { subject: { kind: "declared", file, owner: owner.file }, input, differences: [], config };
}

/** The resources of a preview, read and priced as the policies do. Throws when the preview cannot be judged, or is not of `stack`. */
export function planned(file: string, stack: string | undefined, today: string, owner = NO_OWNER): Judged {
  const reading = previewResources(readFileSync(file, "utf8"));
  if (!reading.ok) throw new Error(`${file}: ${reading.reason}`);
  const read = plannedStack(reading.resources, { ...owner.settings, today });
  if (!read.ok) throw new Error(`${file}: ${read.reason}`);
  const { declared: plan, planned: items, input } = read.value;
  if (stack !== undefined) {
    const { file: stackFile, config } = readStackFile(stack, today, { owner: owner.settings });
    if (JSON.stringify(config) !== JSON.stringify(plan.config))
      throw new Error(`${file} was made of another config than ${stackFile} has now; run the preview again`);
  }
  return {
    subject: { kind: "planned", file, owner: owner.file },
    input,
    differences: differences(plan.items, items),
    config: plan.config,
  };
}
