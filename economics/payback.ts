import type { Projector } from "./projection.ts";
import { AS_PLANNED } from "./scenario.ts";
import { HOURS_PER_MONTH } from "./units.ts";

export interface Payback {
  /** Spent before the first answer: set-up hours, purchase of owned nodes with spares. */
  readonly upfrontUsd: number;
  /** Months until the saved API bill has repaid it; null when it never does within the horizon. */
  readonly months: number | null;
}

/**
 * Cash, undiscounted: what is spent before the first answer, and when the saved API bill has repaid it. The monthly bills
 * hold set-up and purchases as spread costs; here they are taken out again and paid at the start.
 */
export function payback(projector: Projector): Payback {
  const { plan } = projector.prepared;
  const { setupHours, engineerUsdPerHour, opportunityShare } = plan.operations;
  const { horizonMonths } = plan.terms;
  const setUpUsd = setupHours * engineerUsdPerHour;
  const spreadSetUpUsd = (setUpUsd * (1 + opportunityShare)) / horizonMonths;
  const owned = plan.priced.pools.flatMap(({ owned: cost, maxNodes }) =>
    cost === undefined ? [] : { cost, maxNodes },
  );
  const purchaseUsd = owned.reduce((sum, { cost, maxNodes }) => sum + cost.purchaseUsd * maxNodes, 0);
  const spreadPurchaseUsd = owned.reduce(
    (sum, { cost, maxNodes }) => sum + (cost.writeOffUsd + cost.capitalUsd) * HOURS_PER_MONTH * maxNodes,
    0,
  );
  projector.totals(AS_PLANNED);
  const upfrontUsd = setUpUsd + purchaseUsd;
  let open = upfrontUsd;
  for (let month = 0; month < horizonMonths; month++) {
    const saved =
      (projector.stayingUsd[month] as number) -
      (projector.owningUsd[month] as number) +
      spreadSetUpUsd +
      spreadPurchaseUsd;
    if (saved >= open) return { upfrontUsd, months: saved === 0 ? month : month + open / saved };
    open -= saved;
  }
  return { upfrontUsd, months: null };
}
