import type { Catalog } from "../economics/catalog.ts";
import { checkReferences } from "./check-references.ts";
import { checkShapes } from "./check-shapes.ts";
import { clusterSchema } from "./cluster.ts";
import { economicsSchema } from "./economics.ts";
import { type ModelConfig, modelSchema } from "./model.ts";
import { ENVIRONMENTS, type PlatformConfig, platformSchema } from "./platform.ts";
import { type PoolConfig, poolSchema } from "./pool.ts";
import { type ConfigProblem, formatProblem, problemsOf } from "./problems.ts";
import { gatewaySchema, loadBalancerSchema } from "./services.ts";
import { taskSchema } from "./task.ts";
import { withOverrides } from "./with-overrides.ts";

/**
 * The parts of a config that are well formed by themselves, so that cross-field checks run although another part is
 * broken. `names` has every declared name, so that a reference to a broken pool is not reported as unknown.
 */
export interface WellFormedParts {
  readonly environment?: PlatformConfig["environment"] | undefined;
  readonly cluster?: PlatformConfig["cluster"] | undefined;
  readonly loadBalancer?: PlatformConfig["loadBalancer"] | undefined;
  readonly gateway?: PlatformConfig["gateway"] | undefined;
  readonly economics?: PlatformConfig["economics"] | undefined;
  readonly pools: Readonly<Record<string, PoolConfig>>;
  readonly models: Readonly<Record<string, ModelConfig>>;
  readonly tasks: Readonly<Record<string, PlatformConfig["tasks"][string]>>;
  readonly names: { readonly pools: readonly string[]; readonly models: readonly string[] };
}

export type ParseResult =
  | { readonly ok: true; readonly config: PlatformConfig; readonly catalog: Catalog }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

const KINDS = { cluster: ["eks", "existing"], hardware: ["instance", "owned", "rented"] };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

interface Parser<T> {
  safeParse(value: unknown): { success: boolean; data?: T };
}

const parsed = <T>(schema: Parser<T>, value: unknown): T | undefined => schema.safeParse(value).data;

function parsedEntries<T>(schema: Parser<T>, value: unknown): Record<string, T> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, entry]) =>
      schema.safeParse(entry).success ? [[key, parsed(schema, entry) as T]] : [],
    ),
  );
}

function wellFormedParts(raw: unknown): WellFormedParts {
  const value = isRecord(raw) ? raw : {};
  return {
    environment: ENVIRONMENTS.find((environment) => environment === value["environment"]),
    cluster: parsed(clusterSchema, value["cluster"]),
    loadBalancer: parsed(loadBalancerSchema, value["loadBalancer"]),
    gateway: parsed(gatewaySchema, value["gateway"]),
    economics: parsed(economicsSchema, value["economics"]),
    pools: parsedEntries(poolSchema, value["pools"]),
    models: parsedEntries(modelSchema, value["models"]),
    tasks: parsedEntries(taskSchema, value["tasks"]),
    names: {
      pools: Object.keys(isRecord(value["pools"]) ? value["pools"] : {}),
      models: Object.keys(isRecord(value["models"]) ? value["models"] : {}),
    },
  };
}

/** Fills in what the catalogue knows, so that components need no catalogue. */
function resolved(config: PlatformConfig, catalog: Catalog): PlatformConfig {
  const models = Object.entries(config.models).map(([name, model]) => {
    const known = model.catalogModel === undefined ? undefined : catalog.model(model.catalogModel);
    const huggingFaceId = model.weights.huggingFaceId ?? (known?.ok ? known.value.huggingFaceId : undefined);
    return [name, { ...model, weights: { ...model.weights, huggingFaceId } }];
  });
  return { ...config, models: Object.fromEntries(models) };
}

/**
 * Parses and checks a config against the catalogue, its own price overrides applied. Reports every problem at once,
 * structural ones first. Never throws for bad input and never reads a clock or a file.
 */
export function parsePlatformConfig(raw: unknown, catalog: Catalog): ParseResult {
  const structure = platformSchema.safeParse(raw, { reportInput: true });
  const problems = structure.success ? [] : structure.error.issues.flatMap((issue) => problemsOf(issue, KINDS));
  const parts = wellFormedParts(raw);
  const effective = parts.economics === undefined ? catalog : withOverrides(catalog, parts.economics.priceOverrides);
  problems.push(...checkShapes(parts, isRecord(raw) ? raw : {}), ...checkReferences(parts, effective));
  if (!structure.success || problems.length > 0) return { ok: false, problems };
  return { ok: true, config: resolved(structure.data, catalog), catalog: effective };
}

/** The text of a failed parse, one line per problem. */
export function problemsText(problems: readonly ConfigProblem[]): string {
  const heading = `${problems.length} ${problems.length === 1 ? "problem" : "problems"} in the config; nothing was created:`;
  return [heading, ...problems.map((problem) => `  ${formatProblem(problem)}`)].join("\n");
}
