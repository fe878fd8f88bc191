/**
 * Figures no source states for this stack. They are the defaults of config fields, so every one can be replaced; the
 * results list those a decision rests on.
 */

/** How an elastic or interruptible pool behaves. */
export interface PoolBehavior {
  /** From the decision to scale until the new replica answers: node boot, image, weights. At most 60. Unit: minutes. */
  readonly startMinutes: number;
  /** How long nodes stay after the load they ran for has gone. Unit: minutes. */
  readonly coolDownMinutes: number;
  /** How often a spot or preemptible node is taken away. Unit: times per node and month. */
  readonly interruptionsPerMonth: number;
}

/**
 * Start: an assumption between the 4 minutes of a warm image and the 20 of a large model from a slow store; measure it.
 * Cool-down: 5 minutes of scale-down stabilisation of the Kubernetes HorizontalPodAutoscaler plus the 10 minutes
 * cluster-autoscaler waits for an unneeded node, both documented defaults.
 */
export const POOL_BEHAVIOR: PoolBehavior = { startMinutes: 10, coolDownMinutes: 15, interruptionsPerMonth: 0 };

/** The highest band of the AWS Spot Instance Advisor is "> 20 %" a month: one in five nodes is lost, at least. An assumption for GPUs. */
export const SPOT_INTERRUPTIONS_PER_MONTH = 0.2;

/**
 * How far inputs may be off: nine of ten outcomes lie between 1 / (1 + d) and 1 + d times the plan. Throughput has
 * measured errors of its own (capacity evidence); these four are judgements, to be replaced by one's own record.
 */
export interface Uncertainty {
  readonly traffic: number;
  readonly apiPrice: number;
  /** Node-hours whose price no contract fixes. */
  readonly gpuMarketPrice: number;
  readonly peopleHours: number;
}

export const UNCERTAINTY: Uncertainty = { traffic: 0.3, apiPrice: 0.25, gpuMarketPrice: 0.2, peopleHours: 0.5 };
