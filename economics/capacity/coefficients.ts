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
    layerSeconds: 39.3e-6,
    linkLayerSeconds: 9.17e-6,
    weightBandwidthShare: 0.837,
    cacheBandwidthShare: 0.885,
    flopsShare: 0.8,
    sequenceSeconds: 6.57e-6,
    offlineShare: 1,
    earlyShare: 0.934,
    expertBalance: 0.8,
  },
  mixture: {
    layerSeconds: 58.2e-6,
    linkLayerSeconds: 12.4e-6,
    weightBandwidthShare: 0.796,
    cacheBandwidthShare: 0.912,
    flopsShare: 0.8,
    sequenceSeconds: 2.62e-6,
    offlineShare: 1,
    earlyShare: 1,
    expertBalance: 0.88,
  },
};

/** How an engine admits requests. */
export const FIRST_TOKEN: Readonly<Record<Engine, FirstToken>> = {
  vllm: { requestSeconds: 0.0372, queueShare: 0.0672 },
  sglang: { requestSeconds: 0.0318, queueShare: 0.527 },
  "tensorrt-llm": { requestSeconds: 0.0799, queueShare: 0.0876 },
};

/** How stock engines take so many requests at once, whatever the engine and model. */
export const BURST: Burst = { startSeconds: 3.48, burstShare: 0.767 };

export const classOf = (model: ModelDimensions): "dense" | "mixture" =>
  model.mixtureOfExperts === undefined ? "dense" : "mixture";

export const coefficientsOf = (model: ModelDimensions, engine: Engine): Coefficients => ({
  ...DECODE[classOf(model)],
  ...FIRST_TOKEN[engine],
  ...BURST,
});
