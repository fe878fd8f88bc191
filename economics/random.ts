/** Uniform numbers in (0, 1) from a seed: mulberry32, the same on every machine. Good for draws, not for secrets. */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}

const TAIL = 0.02425;
const [A, B, C, D] = [
  [
    -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
    2.506628277459239,
  ],
  [-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1],
  [
    -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ],
  [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416],
] as const;
const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);

/** Quantile of the standard normal distribution, relative error below 1.2e-9 (P. J. Acklam's approximation). */
export function normalQuantile(probability: number): number {
  if (probability < TAIL || probability > 1 - TAIL) {
    const q = Math.sqrt(-2 * Math.log(Math.min(probability, 1 - probability)));
    const tail = polynomial(C, q) / (polynomial(D, q) * q + 1);
    return probability < TAIL ? tail : -tail;
  }
  const q = probability - 0.5;
  return (polynomial(A, q * q) * q) / (polynomial(B, q * q) * q * q + 1);
}

/**
 * `draws` standard normal numbers for each of `inputs` inputs, `inputs` to a row. Latin hypercube: each input has one
 * number in each of `draws` equally likely ranges, in random order, so quantiles settle with few draws.
 */
export function normalDraws(seed: number, draws: number, inputs: number): Float64Array {
  const random = uniform(seed);
  const numbers = new Float64Array(draws * inputs);
  const order = Array.from({ length: draws }, (_, index) => index);
  for (let input = 0; input < inputs; input++) {
    for (let last = draws - 1; last > 0; last--) {
      const other = Math.floor(random() * (last + 1));
      [order[last], order[other]] = [order[other] as number, order[last] as number];
    }
    for (let draw = 0; draw < draws; draw++)
      numbers[draw * inputs + input] = normalQuantile(((order[draw] as number) + random()) / draws);
  }
  return numbers;
}
