import type { Provenance } from "./provenance.ts";
import type { Precision } from "./serving.ts";

/** The shape of a transformer as its Hugging Face config.json states it. Counts are plain numbers, parameters in billions. */
export interface ModelDimensions {
  readonly totalParametersBillion: number;
  /** Parameters one token passes through; equals the total for dense models. */
  readonly activeParametersBillion: number;
  readonly layers: number;
  readonly hiddenSize: number;
  readonly attentionHeads: number;
  readonly kvHeads: number;
  readonly headSize: number;
  readonly maxContextTokens: number;
  readonly mixtureOfExperts?: { readonly experts: number; readonly expertsPerToken: number };
  /** Multi-head latent attention: cached values per token and layer, replicated on every tensor-parallel rank. */
  readonly mlaValuesPerTokenLayer?: number;
  readonly slidingWindowTokens?: number;
  /** Layers that attend to the whole context, where the others see a window or keep a fixed state; all layers when left out. */
  readonly fullAttentionLayers?: number;
}

/** A model of the catalogue. */
export interface CatalogModel extends ModelDimensions, Provenance {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly huggingFaceId: string;
  readonly intermediateSize?: number;
  readonly vocabularySize?: number;
  readonly tiedEmbeddings?: boolean;
  readonly expertIntermediateSize?: number;
  readonly sharedExperts?: number;
  readonly firstDenseLayers?: number;
  /** Format the weights are published in, where it is not 16 bits. */
  readonly nativePrecision?: Precision;
  /** SPDX-like licence name, or undefined when no source states it. */
  readonly license?: string;
  readonly notes?: string;
}
