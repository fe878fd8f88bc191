import { type RecordedFacts, recording, replayed } from "../catalog/recorded.ts";
import { analyse } from "../economics/analyse.ts";
import type { DecisionInput } from "../economics/decide.ts";
import type { Results } from "../economics/results.ts";
import { AS_STATED, type WhatIf, whatIf } from "../economics/what-if.ts";

/** A decision's input with just the facts it needs, as plain JSON: what a report carries so that it can be asked again. */
export interface Question extends Omit<DecisionInput, "catalog"> {
  readonly facts: RecordedFacts;
}

/** The results, and the question they answer. */
export function answered(input: DecisionInput): { readonly results: Results; readonly question: Question } {
  const { catalog, facts } = recording(input.catalog);
  const results = analyse({ ...input, catalog });
  const { catalog: _, ...rest } = input;
  const openWeights = input.models.flatMap(({ catalogModel }) => catalogModel ?? []);
  return { results, question: { ...rest, facts: facts(openWeights) } };
}

/** Answers a question again, with other traffic, prices or hours. */
export function asked({ facts, ...rest }: Question, change: WhatIf = AS_STATED): Results {
  return analyse(whatIf({ ...rest, catalog: replayed(facts) }, change));
}
