import type { Engine } from "../economics/capacity/deployment.ts";
import { engineOf, performanceOf } from "../economics/capacity/formula.ts";
import type { Coefficients } from "../economics/capacity/step-time.ts";
import type { Point } from "./points.ts";

type Name = keyof Coefficients;

/** Where a fit starts, how far data may pull it (in logarithms), and the physical bound. */
export interface Term {
  readonly prior: number;
  readonly spread: number;
  readonly most?: number;
}

const TERMS: Readonly<Record<Name, Term>> = {
  layerSeconds: { prior: 50e-6, spread: 0.5 },
  linkLayerSeconds: { prior: 15e-6, spread: 0.7 },
  weightBandwidthShare: { prior: 0.8, spread: 0.12, most: 0.95 },
  cacheBandwidthShare: { prior: 0.8, spread: 0.15, most: 0.95 },
  flopsShare: { prior: 0.5, spread: 0.3, most: 0.8 },
  sequenceSeconds: { prior: 8e-6, spread: 1 },
  earlyShare: { prior: 0.9, spread: 0.15, most: 1 },
  expertBalance: { prior: 0.8, spread: 0.2, most: 1 },
  offlineShare: { prior: 0.85, spread: 0.15, most: 1 },
  requestSeconds: { prior: 25e-3, spread: 0.7 },
  queueShare: { prior: 0.1, spread: 1, most: 1 },
  startSeconds: { prior: 3, spread: 0.7 },
  burstShare: { prior: 0.8, spread: 0.2, most: 1 },
};
const DECODE_TERMS: readonly Name[] = [
  "layerSeconds",
  "linkLayerSeconds",
  "weightBandwidthShare",
  "cacheBandwidthShare",
  "flopsShare",
  "sequenceSeconds",
  "offlineShare",
  "earlyShare",
  "expertBalance",
];
const FIRST_TOKEN_TERMS: readonly Name[] = ["requestSeconds", "queueShare"];
const BURST_TERMS: readonly Name[] = ["startSeconds", "burstShare"];

const PRIOR = Object.fromEntries(
  Object.entries(TERMS).map(([name, { prior }]) => [name, prior]),
) as unknown as Coefficients;

const PRIOR_WEIGHT = 0.25;
const ROUNDS = 3;
const STEPS_PER_TERM = 35;

/** Squares near zero, straight lines beyond: one wild measurement must not bend the fit. */
const huber = (error: number, knee: number): number => {
  const size = Math.abs(error);
  return size < knee ? (size * size) / 2 : knee * (size - knee / 2);
};

/** Many points of one model on one GPU count as their square root, or the largest sweep would decide everything. */
function weightsOf(points: readonly Point[]): readonly number[] {
  const sizes = new Map<string, number>();
  const keyOf = ({ measurement: m }: Point) => `${m.model}/${m.gpu}/${m.engine}`;
  for (const point of points) sizes.set(keyOf(point), (sizes.get(keyOf(point)) ?? 0) + 1);
  return points.map((point) => 4 / Math.sqrt(sizes.get(keyOf(point)) as number));
}

const termsNamed = (names: readonly Name[]): Readonly<Record<string, Term>> =>
  Object.fromEntries(names.map((name) => [name, TERMS[name]]));

type Loss = (coefficients: (engine: Engine) => Coefficients) => number;

function decodeLoss(points: readonly Point[]): Loss {
  const weights = weightsOf(points);
  return (coefficients) =>
    points.reduce((sum, { deployment, size, measurement: m }, index) => {
      const engine = engineOf(deployment, size, coefficients(m.engine));
      if (engine === undefined) return sum;
      const got = performanceOf(engine, m.load);
      let loss = huber(Math.log(got.outputTokensPerSecond / m.outputTokensPerSecond), 0.25);
      if (m.tpotMs !== undefined && m.load.kind === "concurrency")
        loss += 0.5 * huber(Math.log((got.tpotSeconds * 1000) / m.tpotMs), 0.25);
      return sum + loss * (weights[index] as number);
    }, 0);
}

function firstTokenLoss(points: readonly Point[]): Loss {
  const timed = points.filter(({ measurement: m }) => m.ttftMs !== undefined && m.load.kind === "concurrency");
  const weights = weightsOf(timed);
  return (coefficients) =>
    timed.reduce((sum, { deployment, size, measurement: m }, index) => {
      const engine = engineOf(deployment, size, coefficients(m.engine));
      if (engine === undefined) return sum;
      const got = performanceOf(engine, m.load);
      const missed = Math.log((got.ttftSeconds * 1000) / (m.ttftMs as number));
      return sum + huber(missed, 0.4) * (weights[index] as number);
    }, 0);
}

/** Nelder-Mead on the logarithms of terms, each pulled towards its prior. */
export function minimise(
  wanted: Readonly<Record<string, Term>>,
  loss: (terms: Readonly<Record<string, number>>) => number,
): Readonly<Record<string, number>> {
  const names = Object.keys(wanted);
  const termOf = (name: string): Term => wanted[name] as Term;
  const termsOf = (at: readonly number[]) =>
    Object.fromEntries(
      names.map((name, i) => [
        name,
        Math.min(Math.exp(at[i] as number), termOf(name).most ?? Number.POSITIVE_INFINITY),
      ]),
    );
  const cost = (at: readonly number[]): number => {
    const terms = termsOf(at);
    const pull = names.reduce(
      (sum, name) => sum + (Math.log((terms[name] as number) / termOf(name).prior) / termOf(name).spread) ** 2,
      0,
    );
    return loss(terms) + (PRIOR_WEIGHT * pull) / 2;
  };
  let start = names.map((name) => Math.log(termOf(name).prior));
  for (let round = 0; round < ROUNDS; round++) {
    let corners = [
      start,
      ...names.map((name, i) => start.map((x, j) => (i === j ? x + termOf(name).spread / 2 : x))),
    ].map((at) => ({ at, cost: cost(at) }));
    for (let step = 0; step < STEPS_PER_TERM * names.length; step++) {
      corners.sort((a, b) => a.cost - b.cost);
      const best = corners[0] as (typeof corners)[0];
      const worst = corners.at(-1) as (typeof corners)[0];
      const others = corners.slice(0, -1);
      const centre = names.map((_, i) => others.reduce((sum, { at }) => sum + (at[i] as number), 0) / others.length);
      const along = (t: number) => {
        const at = centre.map((x, i) => x + t * ((worst.at[i] as number) - x));
        return { at, cost: cost(at) };
      };
      const mirrored = along(-1);
      const second = others.at(-1) as (typeof corners)[0];
      if (mirrored.cost < best.cost) {
        const further = along(-2);
        corners = [...others, further.cost < mirrored.cost ? further : mirrored];
      } else if (mirrored.cost < second.cost) corners = [...others, mirrored];
      else {
        const nearer = along(mirrored.cost < worst.cost ? -0.5 : 0.5);
        if (nearer.cost < Math.min(worst.cost, mirrored.cost)) corners = [...others, nearer];
        else
          corners = corners.map((corner, index) => {
            if (index === 0) return corner;
            const at = corner.at.map((x, i) => (x + (best.at[i] as number)) / 2);
            return { at, cost: cost(at) };
          });
      }
    }
    corners.sort((a, b) => a.cost - b.cost);
    start = [...(corners[0] as (typeof corners)[0]).at];
  }
  return termsOf(start);
}

export type FirstTokenFit = Pick<Coefficients, "requestSeconds" | "queueShare">;
export type BurstFit = Pick<Coefficients, "startSeconds" | "burstShare">;
export type DecodeFit = Omit<Coefficients, keyof FirstTokenFit | keyof BurstFit>;

/** Coefficients of one class of models, all engines together. */
export function fitDecode(points: readonly Point[], firstToken: (engine: Engine) => FirstTokenFit): DecodeFit {
  const loss = decodeLoss(points);
  return minimise(termsNamed(DECODE_TERMS), (terms) =>
    loss((engine) => ({ ...PRIOR, ...firstToken(engine), ...terms })),
  ) as unknown as DecodeFit;
}

/** The sum of a loss over classes of models, each with its own coefficients of decoding. */
function lossByClass(
  points: readonly Point[],
  decode: (point: Point) => DecodeFit,
  lossOf: (points: readonly Point[]) => Loss,
) {
  const classes = [...Map.groupBy(points, decode)].map(([fit, group]) => ({ fit, loss: lossOf(group) }));
  return (terms: Readonly<Record<string, number>>): number =>
    classes.reduce((sum, { fit, loss }) => sum + loss(() => ({ ...PRIOR, ...fit, ...terms })), 0);
}

/** How one engine admits requests, given the coefficients of the classes. */
export const fitFirstToken = (points: readonly Point[], decode: (point: Point) => DecodeFit): FirstTokenFit =>
  minimise(termsNamed(FIRST_TOKEN_TERMS), lossByClass(points, decode, firstTokenLoss)) as unknown as FirstTokenFit;

/** How bursts start and what they reach, given the coefficients of the classes. */
export const fitBurst = (points: readonly Point[], decode: (point: Point) => DecodeFit): BurstFit =>
  minimise(termsNamed(BURST_TERMS), lossByClass(points, decode, decodeLoss)) as unknown as BurstFit;
