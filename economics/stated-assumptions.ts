import { percentText } from "./format.ts";
import type { PreparedPlan } from "./prepare.ts";

/** What the figures of a plan assume that nobody stated or measured: one sentence each, only those that matter for it. */
export function statedAssumptions({ plan, tasks }: PreparedPlan): readonly string[] {
  const { pools } = plan.priced;
  const shapes = [...new Set(tasks.flatMap(({ task }) => (typeof task.week === "string" ? [task.week] : [])))];
  const elastic = pools.filter(({ scaling }) => scaling === "elastic");
  const lost = pools.filter(({ behavior }) => behavior.interruptionsPerMonth > 0);
  const stock = tasks.flatMap(({ shares }) => shares).filter(({ capacity }) => capacity.planFactor !== 1);
  const { availability } = plan.operations;
  return [
    ...shapes.map((shape) => `Week shape "${shape}" is a named shape; 168 measured weights replace it.`),
    ...(stock.length > 0
      ? [`Throughput is taken at ${stock[0]?.capacity.planFactor} of tuned benchmarks, for a stock engine.`]
      : []),
    ...elastic.map(
      ({ name, behavior }) =>
        `Pool ${name} answers ${behavior.startMinutes} minutes after it scales up and keeps nodes ${behavior.coolDownMinutes} minutes.`,
    ),
    ...lost.map(
      ({ name, behavior }) =>
        `A node of pool ${name} is taken away ${behavior.interruptionsPerMonth} times a month; one start long its requests go elsewhere.`,
    ),
    ...(availability < 1
      ? [`Own replicas answer ${percentText(availability)} of the time, downtime spread evenly over the week.`]
      : []),
    "Answers fail independently of each other: a retry succeeds as often as a first answer.",
    "A month is 730 hours and every week of it is alike; growth comes in monthly steps.",
  ];
}
