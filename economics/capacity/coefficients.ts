import type { ModelDimensions } from "../model.ts";
import type { Engine } from "./deployment.ts";
import type { Coefficients } from "./step-time.ts";

type Decode = Omit<Coefficients, "requestSeconds" | "burstShare">;
type FirstToken = Pick<Coefficients, "requestSeconds" | "burstShare">;

/**
 * One set for dense models and one for mixtures of experts, whatever the engine: sets per engine fit better and predict
 * models they were not fitted on worse. Fitted by `npm run accuracy -- --refit`; bounds keep them physical.
 */
export const DECODE: Readonly<Record<"dense" | "mixture", Decode>> = {
  dense: {
    layerSeconds: 36.8e-6,
    linkLayerSeconds: 9.88e-6,
    weightBandwidthShare: 0.821,
    cacheBandwidthShare: 0.788,
    flopsShare: 0.8,
    sequenceSeconds: 9.41e-6,
    offlineShare: 1,
  },
  mixture: {
    layerSeconds: 59.7e-6,
    linkLayerSeconds: 11.7e-6,
    weightBandwidthShare: 0.758,
    cacheBandwidthShare: 0.788,
    flopsShare: 0.568,
    sequenceSeconds: 6.43e-6,
    offlineShare: 1,
  },
};

/** How an engine admits requests. */
export const FIRST_TOKEN: Readonly<Record<Engine, FirstToken>> = {
  vllm: { requestSeconds: 0.0373, burstShare: 0.0811 },
  sglang: { requestSeconds: 0.0938, burstShare: 0.497 },
  "tensorrt-llm": { requestSeconds: 0.0735, burstShare: 0.0876 },
};

export const classOf = (model: ModelDimensions): "dense" | "mixture" =>
  model.mixtureOfExperts === undefined ? "dense" : "mixture";

export const coefficientsOf = (model: ModelDimensions, engine: Engine): Coefficients => ({
  ...DECODE[classOf(model)],
  ...FIRST_TOKEN[engine],
});
