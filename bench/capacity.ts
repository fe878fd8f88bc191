import { pointsOf } from "../accuracy/points.ts";
import { loadCatalog } from "../catalog/load.ts";
import { predict } from "../economics/capacity/predict.ts";

export const PREDICTIONS = 100_000;

/** Predictions at the settings of all published measurements in turn, on one core. */
export function predictionCase(): () => void {
  const catalog = loadCatalog();
  const queries = pointsOf(catalog).map(({ deployment, size, measurement: { version, load, inputTokens } }) => ({
    deployment,
    version,
    size,
    load,
    isInputStated: inputTokens > 0,
  }));
  return () => {
    for (let index = 0; index < PREDICTIONS; index++) {
      const query = queries[index % queries.length];
      if (query === undefined || !predict(query, catalog.anchors).ok)
        throw new Error("a published setting has no prediction");
    }
  };
}
