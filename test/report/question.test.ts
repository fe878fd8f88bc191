import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { committedStacks } from "../../cli/committed-stacks.ts";
import { readStackFile } from "../../cli/stack-file.ts";
import { analyse } from "../../economics/analyse.ts";
import { decide } from "../../economics/decide.ts";
import { AS_PLANNED } from "../../economics/scenario.ts";
import { AS_STATED, whatIf } from "../../economics/what-if.ts";
import { answered, asked, type Question } from "../../report/question.ts";
import { TODAY } from "../policies/graphs.ts";

const overJson = <T>(value: T): T => JSON.parse(JSON.stringify(value));
const inputOf = (stack: string) => readStackFile(stack, TODAY).input;

describe("a question that travels as JSON", () => {
  it.each(committedStacks(TODAY))("is answered as before: $file", ({ input }) => {
    const { results, question } = answered(input);
    expect(overJson(asked(overJson(question)))).toEqual(overJson(results));
    expect(overJson(results)).toEqual(overJson(analyse(input)));
  });

  it("is answered as the whole catalogue would when traffic, prices and hours change", () => {
    const input = inputOf("prod");
    const question: Question = overJson(answered(input).question);
    const multiple = fc.double({ min: 0.1, max: 10, noNaN: true });
    fc.assert(
      fc.property(
        fc.record({ traffic: multiple, gpuPrice: multiple, apiPrice: multiple, peopleHours: multiple }),
        (change) => {
          expect(overJson(asked(question, change))).toEqual(overJson(analyse(whatIf(input, change))));
        },
      ),
      { numRuns: 10 },
    );
  });

  it("has no verdict without its facts", () => {
    const { question } = answered(inputOf("prod"));
    const facts = { ...question.facts, lookups: {} };
    expect(asked({ ...question, facts })).toMatchObject({ verdict: "unpriced" });
  });
});

describe("what if", () => {
  it("is the scenario of the same multiples, reckoned another way", () => {
    const input = inputOf("prod");
    const planned = decide(input);
    if (!("projector" in planned)) throw new Error(planned.kind);
    const multiple = fc.double({ min: 0.1, max: 10, noNaN: true });
    fc.assert(
      fc.property(
        fc.record({ traffic: multiple, gpuPrice: multiple, apiPrice: multiple, peopleHours: multiple }),
        (change) => {
          const scenario = planned.projector.totals({ ...AS_PLANNED, ...change });
          const changed = decide(whatIf(input, change));
          if (!("projection" in changed)) throw new Error(changed.kind);
          const { owningUsdPerMonth, stayingUsdPerMonth } = changed.projection;
          expect(owningUsdPerMonth / scenario.owningUsdPerMonth).toBeCloseTo(1, 9);
          expect(stayingUsdPerMonth / scenario.stayingUsdPerMonth).toBeCloseTo(1, 9);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("of what is stated is the plan itself", () => {
    const input = inputOf("onprem");
    expect(analyse(whatIf(input, AS_STATED))).toEqual(analyse(input));
  });

  it("moves the purchase of owned nodes with the GPU price", () => {
    const input = inputOf("onprem");
    const [dear, cheap] = [2, 0.5].map((gpuPrice) => analyse(whatIf(input, { ...AS_STATED, gpuPrice })));
    if (!(dear !== undefined && cheap !== undefined && "owning" in dear && "owning" in cheap))
      throw new Error("no bill");
    expect(dear.owning.usdPerMonth).toBeGreaterThan(cheap.owning.usdPerMonth);
  });
});
