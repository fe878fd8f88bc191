import type { Provenance } from "./provenance.ts";

/** US dollars per million tokens from `aboveInputTokens` input tokens on. A cliff: the tier applies to all tokens of the request. */
export interface ApiPriceTier {
  readonly aboveInputTokens: number;
  readonly inputUsdPerMillion: number;
  /** Undefined: cached input is billed as ordinary input. */
  readonly cachedInputUsdPerMillion?: number;
  readonly outputUsdPerMillion: number;
}

/** Price of one commercial API model at one provider. */
export interface ApiModel extends Provenance {
  /** `provider/model`, the name used in the config. */
  readonly name: string;
  readonly provider: string;
  readonly model: string;
  readonly maxContextTokens?: number;
  /** Ascending by `aboveInputTokens`; the first starts at 0. */
  readonly tiers: readonly ApiPriceTier[];
  readonly batch?: { readonly inputUsdPerMillion: number; readonly outputUsdPerMillion: number };
  readonly cacheWriteUsdPerMillion?: number;
  /** Hours of the day (UTC) with another price, e.g. DeepSeek's peak hours. `end` may be before `start` (past midnight). */
  readonly hourly?: readonly {
    readonly startUtc: string;
    readonly endUtc: string;
    readonly weekdaysOnly: boolean;
    readonly inputUsdPerMillion: number;
    readonly outputUsdPerMillion: number;
  }[];
  /** Announced price changes. */
  readonly changes?: readonly {
    readonly from: string;
    readonly inputUsdPerMillion: number;
    readonly outputUsdPerMillion: number;
  }[];
  /** Announced day of retirement, YYYY-MM-DD. */
  readonly retires?: string;
  readonly deprecated?: boolean;
  /** Catalogue model with the same open weights; such rows make the `same-weights` baseline. */
  readonly openWeights?: string;
  /** A second source that states other figures (US dollars per million tokens). */
  readonly disputed?: {
    readonly inputUsdPerMillion: number;
    readonly outputUsdPerMillion: number;
    readonly source: string;
  };
  readonly notes?: string;
}
