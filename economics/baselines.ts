import type { ApiModel } from "./api-price.ts";
import { BASELINES, type Baseline } from "./baseline.ts";
import type { DecisionInput } from "./decide.ts";
import { withBaseline } from "./prepare.ts";
import { type Projector, projector } from "./projection.ts";
import { AS_PLANNED } from "./scenario.ts";

export type BaselineResult =
  | {
      readonly baseline: Baseline;
      readonly priced: true;
      /** Whether the verdict is made against it. */
      readonly isUsed: boolean;
      readonly usdPerMonth: number;
      /** Of owning against it. */
      readonly savingUsdPerMonth: number;
      readonly routes: readonly {
        readonly task: string;
        readonly apiModel: ApiModel["name"];
        readonly share: number;
      }[];
    }
  | { readonly baseline: Baseline; readonly priced: false; readonly isUsed: boolean; readonly reason: string };

/** The same plan against each meaning of staying, side by side. */
export function comparedBaselines(
  { terms, catalog }: DecisionInput,
  { prepared }: Projector,
): readonly BaselineResult[] {
  return BASELINES.map((baseline): BaselineResult => {
    const isUsed = baseline === terms.baseline;
    const variant = withBaseline(prepared, baseline, catalog);
    const [gap] = variant.missing;
    if (gap !== undefined) return { baseline, priced: false, isUsed, reason: `${gap.resource}: ${gap.reason}` };
    const { stayingUsdPerMonth, savingUsdPerMonth } = projector(variant).totals(AS_PLANNED);
    return {
      baseline,
      priced: true,
      isUsed,
      usdPerMonth: stayingUsdPerMonth,
      savingUsdPerMonth,
      routes: variant.tasks.flatMap(({ name, stayingRoutes }) =>
        stayingRoutes.map(({ api, share }) => ({ task: name, apiModel: api.name, share })),
      ),
    };
  });
}
