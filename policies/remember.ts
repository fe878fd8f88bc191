import type { Catalog } from "../economics/catalog.ts";
import { type Decision, type DecisionInput, decide } from "../economics/decide.ts";

/** A pure function that keeps its answers by key: several policies ask the same question in one preview. */
export function remembered<Question, Answer>(
  keyOf: (question: Question) => string,
  answer: (question: Question) => Answer,
): (question: Question) => Answer {
  const answers = new Map<string, Answer>();
  return (question) => {
    const key = keyOf(question);
    const known = answers.get(key) ?? answer(question);
    answers.set(key, known);
    return known;
  };
}

const decisions = new WeakMap<Catalog, (input: DecisionInput) => Decision>();

/** `decide`, once per input. Catalogues are told apart by identity, everything else by value. */
export function decideOnce(input: DecisionInput): Decision {
  const { catalog } = input;
  const known =
    decisions.get(catalog) ?? remembered(({ catalog: _, ...rest }: DecisionInput) => JSON.stringify(rest), decide);
  decisions.set(catalog, known);
  return known(input);
}
