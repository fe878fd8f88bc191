import type { ModelDimensions } from "../model.ts";
import type { Engine } from "./deployment.ts";
import type { Coefficients } from "./step-time.ts";

type FirstToken = Pick<Coefficients, "requestSeconds" | "queueShare">;
type Burst = Pick<Coefficients, "startSeconds" | "burstShare">;
type Decode = Omit<Coefficients, keyof FirstToken | keyof Burst>;

/**
 * One set for dense models and one for mixtures of experts, whatever the engine: sets per engine fit better and predict
 * models they were not fitted on worse. Fitted by `npm run accuracy -- --fit`; bounds keep them physical.
 */
export const DECODE: Readonly<Record<"dense" | "mixture", Decode>> = {
  dense: {
    layerSeconds: 39.2e-6,
    linkLayerSeconds: 9.27e-6,
    weightBandwidthShare: 0.819,
    cacheBandwidthShare: 0.786,
    flopsShare: 0.8,
    sequenceSeconds: 9.63e-6,
    offlineShare: 1,
  },
  mixture: {
    layerSeconds: 60.1e-6,
    linkLayerSeconds: 11.6e-6,
    weightBandwidthShare: 0.755,
    cacheBandwidthShare: 0.788,
    flopsShare: 0.571,
    sequenceSeconds: 6.5e-6,
    offlineShare: 1,
  },
};

/** How an engine admits requests. */
export const FIRST_TOKEN: Readonly<Record<Engine, FirstToken>> = {
  vllm: { requestSeconds: 0.0368, queueShare: 0.0815 },
  sglang: { requestSeconds: 0.0322, queueShare: 0.546 },
  "tensorrt-llm": { requestSeconds: 0.076, queueShare: 0.0943 },
};

/** How stock engines take so many requests at once, whatever the engine and model. */
export const BURST: Burst = { startSeconds: 3.69, burstShare: 0.755 };

export const classOf = (model: ModelDimensions): "dense" | "mixture" =>
  model.mixtureOfExperts === undefined ? "dense" : "mixture";

export const coefficientsOf = (model: ModelDimensions, engine: Engine): Coefficients => ({
  ...DECODE[classOf(model)],
  ...FIRST_TOKEN[engine],
  ...BURST,
});
