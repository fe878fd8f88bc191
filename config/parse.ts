import type { z } from "zod";
import type { Catalog } from "../economics/catalog.ts";
import type { Lookup } from "../economics/provenance.ts";
import { entryOf, isRecord } from "./allowed.ts";
import { checkReferences } from "./check-references.ts";
import { checkShapes } from "./check-shapes.ts";
import { checkTimeBudget } from "./check-time-budget.ts";
import { clusterSchema } from "./cluster.ts";
import { economicsSchema, type PriceOverrides, priceOverridesSchema } from "./economics.ts";
import { gatewaySchema } from "./gateway.ts";
import { mapped } from "./mapped.ts";
import { type ModelConfig, modelSchema } from "./model.ts";
import { type PlatformConfig, platformSchema } from "./platform.ts";
import { type PoolConfig, poolSchema } from "./pool.ts";
import { type ConfigProblem, formatProblem, problemsOf, under, withoutSecrets } from "./problems.ts";
import { loadBalancerSchema, monitoringSchema } from "./services.ts";
import { taskSchema } from "./task.ts";
import { withOverrides } from "./with-overrides.ts";

/**
 * The parts of a config that are well formed by themselves, so that cross-field checks run although another part is
 * broken. `names` has every declared name, so that a reference to a broken pool is not reported as unknown.
 */
export interface WellFormedParts {
  readonly cluster?: PlatformConfig["cluster"] | undefined;
  readonly loadBalancer?: PlatformConfig["loadBalancer"] | undefined;
  readonly gateway?: PlatformConfig["gateway"] | undefined;
  readonly monitoring?: PlatformConfig["monitoring"] | undefined;
  readonly economics?: PlatformConfig["economics"] | undefined;
  /** Undefined when a stated price is broken: what is priced is then not known. */
  readonly priceOverrides?: PriceOverrides | undefined;
  readonly pools: Readonly<Record<string, PoolConfig>>;
  readonly models: Readonly<Record<string, ModelConfig>>;
  readonly tasks: Readonly<Record<string, PlatformConfig["tasks"][string]>>;
  readonly names: {
    readonly pools: readonly string[];
    readonly models: readonly string[];
    /** Undefined when there is no such section. */
    readonly tasks?: readonly string[] | undefined;
  };
}

export type ParseResult =
  | { readonly ok: true; readonly config: PlatformConfig; readonly catalog: Catalog }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Sections whose entries are named by the user. */
const NAMED = { pools: poolSchema, models: modelSchema, tasks: taskSchema };

function parsedEntries<T extends z.ZodType>(schema: T, section: unknown): Record<string, z.output<T>> {
  if (!isRecord(section)) return {};
  return Object.fromEntries(
    Object.entries(section).flatMap(([name, value]) => {
      const entry = schema.safeParse(value);
      return entry.success ? [[name, entry.data]] : [];
    }),
  );
}

function wellFormedParts(raw: unknown): WellFormedParts {
  const part = (name: string): unknown => entryOf(raw, name);
  const names = (section: unknown) => (isRecord(section) ? Object.keys(section) : undefined);
  return {
    cluster: clusterSchema.safeParse(part("cluster")).data,
    loadBalancer: loadBalancerSchema.safeParse(part("loadBalancer")).data,
    gateway: gatewaySchema.safeParse(part("gateway")).data,
    monitoring: monitoringSchema.safeParse(part("monitoring") ?? {}).data,
    economics: economicsSchema.safeParse(part("economics")).data,
    priceOverrides: priceOverridesSchema.safeParse(entryOf(part("economics"), "priceOverrides")).data,
    pools: parsedEntries(NAMED.pools, part("pools")),
    models: parsedEntries(NAMED.models, part("models")),
    tasks: parsedEntries(NAMED.tasks, part("tasks")),
    names: {
      pools: names(part("pools")) ?? [],
      models: names(part("models")) ?? [],
      tasks: names(part("tasks")),
    },
  };
}

/** What the schema finds, also inside entries with a bad name, which it does not look into by itself. */
function structuralIssues(issues: readonly z.core.$ZodIssue[], raw: unknown): readonly z.core.$ZodIssue[] {
  return issues.flatMap((issue) => {
    const [section, name] = issue.path;
    if (issue.code !== "invalid_key" || issue.path.length !== 2 || !(String(section) in NAMED)) return [issue];
    const schema = NAMED[section as keyof typeof NAMED];
    const entry = schema.safeParse(entryOf(entryOf(raw, section as string), name as string));
    return [issue, ...(entry.error?.issues ?? []).map((inner) => under(issue.path, inner))];
  });
}

/** Fills in what the catalogue knows and its own spelling of names, so that components need no catalogue. */
function resolved(config: PlatformConfig, catalog: Catalog): PlatformConfig {
  const pools = mapped(config.pools, ({ hardware, ...pool }) => {
    if (hardware.kind !== "instance") return { ...pool, hardware };
    const { instanceType } = hardware;
    return {
      ...pool,
      hardware: { ...hardware, instanceType: known(catalog.instanceType(instanceType))?.name ?? instanceType },
    };
  });
  const models = mapped(config.models, ({ weights, ...model }) => {
    const row = model.catalogModel === undefined ? undefined : known(catalog.model(model.catalogModel));
    return { ...model, weights: { ...weights, huggingFaceId: weights.huggingFaceId ?? row?.huggingFaceId } };
  });
  const apiName = (written: string | undefined) =>
    (written === undefined ? undefined : known(catalog.apiModel(written))?.name) ?? written;
  const tasks = mapped(config.tasks, ({ apiModel, secondApiModel, ...task }) => ({
    ...task,
    apiModel: apiName(apiModel),
    secondApiModel: apiName(secondApiModel),
  }));
  return { ...config, pools, models, tasks };
}

const known = <T>(lookup: Lookup<T>): T | undefined => (lookup.ok ? lookup.value : undefined);

const withoutRepeats = (problems: readonly ConfigProblem[]): readonly ConfigProblem[] => [
  ...new Map(problems.map((problem) => [formatProblem(problem), problem])).values(),
];

/** What a plan decides anew: a pool without a model, and who serves a task. */
const isForThePlanner = ({ path }: ConfigProblem): boolean => /^pools\.[^.]+$|^tasks\.[^.]+\.selfHosted\b/.test(path);

/** Parses a config as a question to the planner: what nobody serves yet is no problem. */
export const parseUnplannedConfig = (raw: unknown, catalog: Catalog): ParseResult =>
  parsePlatformConfig(raw, catalog, isForThePlanner);

/**
 * Parses and checks a config against the catalogue, its own price overrides applied. Reports every problem at once,
 * structural ones first; those between fields that `isAccepted` names are left out. Never throws for bad input and never
 * reads a clock or a file.
 */
export function parsePlatformConfig(
  raw: unknown,
  catalog: Catalog,
  isAccepted: (problem: ConfigProblem) => boolean = () => false,
): ParseResult {
  const structure = platformSchema.safeParse(raw);
  const issues = structuralIssues(structure.error?.issues ?? [], raw);
  const parts = wellFormedParts(raw);
  const effective = parts.priceOverrides === undefined ? catalog : withOverrides(catalog, parts.priceOverrides);
  const problems = withoutRepeats(
    [
      ...issues.flatMap((issue) => problemsOf(issue, raw)),
      ...[...checkShapes(parts), ...checkReferences(parts, effective), ...checkTimeBudget(parts, effective)].filter(
        (problem) => !isAccepted(problem),
      ),
    ].map(withoutSecrets),
  );
  if (!structure.success || problems.length > 0) return { ok: false, problems };
  return { ok: true, config: resolved(structure.data, effective), catalog: effective };
}

/** The text of a failed parse, one line per problem. */
export function problemsText(problems: readonly ConfigProblem[]): string {
  const heading = `${problems.length} ${problems.length === 1 ? "problem" : "problems"} in the config; nothing was created:`;
  return [heading, ...problems.map((problem) => `  ${formatProblem(problem)}`)].join("\n");
}
