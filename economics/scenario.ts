/**
 * Where to stand when both bills are computed: multiples of what the plan states, all 1 for the plan itself. One scenario
 * is one draw of the Monte Carlo, one bar of the tornado, one point of the volume curve or one position of a slider.
 */
export interface Scenario {
  /** Requests of every task against what it declares. */
  readonly traffic: number;
  /**
   * Position in the capacity interval: 0 the median, -1 its pessimistic end, 1 its optimistic end. Positions between and
   * beyond follow (1 + p90 error) to their power.
   */
  readonly capacity: number;
  /** All API prices, those of staying and those of the fallback alike. */
  readonly apiPrice: number;
  /** Node-hour prices of every pool. */
  readonly gpuPrice: number;
  /** Node-hour prices of pools whose price is not fixed by a contract or a purchase: on-demand, spot, rented. */
  readonly gpuMarketPrice: number;
  /** Hours of people, set-up included. */
  readonly peopleHours: number;
  /** Bill elastic pools at their maximum all the time. */
  readonly worstCase: boolean;
}

export const AS_PLANNED: Scenario = {
  traffic: 1,
  capacity: 0,
  apiPrice: 1,
  gpuPrice: 1,
  gpuMarketPrice: 1,
  peopleHours: 1,
  worstCase: false,
};

/** Positions of the named ends of the capacity interval. */
export const CAPACITY_ENDS = { pessimistic: -1, median: 0, optimistic: 1 } as const;
