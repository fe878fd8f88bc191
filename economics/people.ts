import type { BillLine, Drain } from "./bill.ts";
import type { Operations, Terms } from "./plan.ts";

/** People cost per month, set-up spread over the horizon. */
export function peopleLines(operations: Operations, { horizonMonths }: Terms): readonly BillLine[] {
  const { engineerUsdPerHour: rate, setupHours, maintenanceHoursPerMonth, onCallHoursPerMonth } = operations;
  const { modelUpdateHoursPerMonth, opportunityShare } = operations;
  const line = (label: string, hours: number, drain: Drain): BillLine => ({
    label,
    category: "people",
    drain,
    usdPerMonth: hours * rate,
  });
  const hours = setupHours / horizonMonths + maintenanceHoursPerMonth + onCallHoursPerMonth + modelUpdateHoursPerMonth;
  return [
    line(`set-up, ${setupHours} h over ${horizonMonths} months`, setupHours / horizonMonths, "engineering labour"),
    line(`maintenance, ${maintenanceHoursPerMonth} h/month`, maintenanceHoursPerMonth, "engineering labour"),
    line(`on-call and incidents, ${onCallHoursPerMonth} h/month`, onCallHoursPerMonth, "incident response"),
    line(`model updates, ${modelUpdateHoursPerMonth} h/month`, modelUpdateHoursPerMonth, "engineering labour"),
    line("what these hours would have earned elsewhere", hours * opportunityShare, "opportunity cost"),
  ].filter(({ usdPerMonth }) => usdPerMonth > 0);
}
