import { decisionInput } from "../config/decision-input.ts";
import { declaredItems } from "../config/declared-items.ts";
import { PLATFORM_TYPE } from "../config/marks.ts";
import { problemsText } from "../config/parse.ts";
import type { PlatformConfig } from "../config/platform.ts";
import type { Catalog } from "../economics/catalog.ts";
import type { DecisionInput } from "../economics/decide.ts";
import type { PlannedItem } from "../economics/planned.ts";
import { decisionItems } from "./compare-plans.ts";
import { type OwnerSettings, today } from "./owner-settings.ts";
import { plannedItems } from "./planned-resources.ts";
import { type PlannedResource, read } from "./read.ts";
import { remembered } from "./remember.ts";
import { withSeenInputs } from "./seen-inputs.ts";
import { parseUnderOwner } from "./under-owner.ts";

/** A declared plan that could be read, checked and pinned, or the text of what is wrong with it. */
export type Declared =
  | {
      readonly ok: true;
      readonly config: PlatformConfig;
      readonly catalog: Catalog;
      readonly items: readonly PlannedItem[];
      readonly today: string;
    }
  | { readonly ok: false; readonly reason: string };

/** Reads the declared plan from the root component's arguments. */
export function declaredPlan(platform: Pick<PlannedResource, "props">, owner: OwnerSettings): Declared {
  const raw = read(() => platform.props["config"] as unknown);
  return raw.ok
    ? checkedPlan({ raw: raw.value, owner })
    : { ok: false, reason: `the config of the platform is not a plain value: ${raw.reason}` };
}

const checkedPlan = remembered(
  (question: { readonly raw: unknown; readonly owner: OwnerSettings }) => JSON.stringify(question),
  ({ raw, owner }): Declared => {
    const parsed = parseUnderOwner(raw, owner);
    if (!parsed.ok) return { ok: false, reason: problemsText(parsed.problems) };
    const { config, catalog } = parsed;
    return { ok: true, config, catalog, items: declaredItems(config), today: today(owner) };
  },
);

/** The decision on the declared plan alone, before anything of it exists. */
export const declaredInput = ({ config, items, catalog, today: day }: Extract<Declared, { ok: true }>): DecisionInput =>
  decisionInput(config, items, catalog, day);

/** A whole planned stack: what it declares and what is really planned. */
export interface PlannedStack {
  readonly platform: PlannedResource;
  readonly declared: Extract<Declared, { ok: true }>;
  /** Every resource of the graph with the properties that are known of it. */
  readonly resources: readonly PlannedResource[];
  /** Items of the graph alone. */
  readonly planned: readonly PlannedItem[];
  /** The decision on the graph. */
  readonly input: DecisionInput;
}

export type StackReading =
  | { readonly ok: true; readonly value: PlannedStack }
  | { readonly ok: false; readonly reason: string };

const NO_PLATFORM = `the stack has no resource of type ${PLATFORM_TYPE}, so there is no traffic to judge it by; set breakeven:platform in Pulumi.<stack>.yaml and run this project's index.ts, or remove this policy pack`;

/** Reads a planned stack. Exactly one platform is expected. */
export function plannedStack(graph: readonly PlannedResource[], owner: OwnerSettings): StackReading {
  const resources = graph.map(withSeenInputs);
  const platforms = resources.filter(({ type }) => type === PLATFORM_TYPE);
  const [platform] = platforms;
  if (platform === undefined) return { ok: false, reason: NO_PLATFORM };
  if (platforms.length > 1)
    return { ok: false, reason: `the stack has ${platforms.length} platforms; give each its own stack` };
  const declared = declaredPlan(platform, owner);
  if (!declared.ok) return declared;
  const { config, catalog, items } = declared;
  const region = config.cluster.kind === "eks" ? config.cluster.region : "";
  const planned = plannedItems(resources, { region }, owner.freeTypes);
  return {
    ok: true,
    value: {
      platform,
      declared,
      resources,
      planned,
      input: decisionInput(config, decisionItems(items, planned), catalog, declared.today),
    },
  };
}
