/** What programs of others import as `breakeven`: a checked config, and the platform it asks for. */

export { loadCatalog } from "./catalog/load.ts";
export { Platform } from "./components/platform.ts";
export type { PlatformArgs } from "./components/platform-scope.ts";
export { deploymentFacts } from "./config/deployment-facts.ts";
export { type ModelConfig, modelSchema } from "./config/model.ts";
export { type ParseResult, parsePlatformConfig, problemsText } from "./config/parse.ts";
export { figuresOf } from "./config/plan-figures.ts";
export { type PlatformConfig, type PlatformInput, platformSchema } from "./config/platform.ts";
export { type PoolConfig, poolSchema } from "./config/pool.ts";
