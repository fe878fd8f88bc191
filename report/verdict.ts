import type { ComparedResults, Results } from "../economics/results.ts";

/** How the verdict is worded: a word, a shape that does not rely on colour, and what to do. */
export const VERDICTS: Readonly<Record<Results["verdict"], { word: string; mark: string; meaning: string }>> = {
  pass: { word: "Pass", mark: "✓", meaning: "own" },
  marginal: { word: "Marginal", mark: "≈", meaning: "too close to call" },
  block: { word: "Block", mark: "✕", meaning: "stay on the API" },
  rent: { word: "Rent", mark: "→", meaning: "nothing to own" },
  unpriced: { word: "No verdict", mark: "?", meaning: "something has no price" },
};

/** Whether both bills are there. */
export const isCompared = (results: Results): results is ComparedResults => "owning" in results;
