import { setTimeout as sleep } from "node:timers/promises";
import type { Engine, EngineName } from "./engines.ts";
import { type Load, streams, wholeAnswers } from "./load.ts";
import { processUsage } from "./process-usage.ts";
import type { Upstreams } from "./upstreams.ts";

/** Connections at once where throughput is asked for. */
export const MANY_WHOLE = 16;
export const MANY_STREAMS = 8;
/** Pause between events of a stream as a busy model makes it. Unit: milliseconds. */
export const PACE_MS = 20;

/** How the engines are asked. */
export type LoadName = "one" | "many" | "burst" | "paced";

export interface Slice extends Load {
  readonly engine: EngineName;
  readonly load: LoadName;
  /** Of the engine's process; undefined without one. */
  readonly cpuSeconds: number | undefined;
}

interface LoadKind {
  readonly tokenDelayMs: number;
  readonly connections: number;
  /** Answers of the round that does not count. */
  readonly firstAnswers: number;
  readonly run: typeof streams;
}

const LOADS: Readonly<Record<LoadName, LoadKind>> = {
  one: { tokenDelayMs: 0, connections: 1, firstAnswers: 40, run: wholeAnswers },
  many: { tokenDelayMs: 0, connections: MANY_WHOLE, firstAnswers: 64, run: wholeAnswers },
  burst: { tokenDelayMs: 0, connections: MANY_STREAMS, firstAnswers: 24, run: streams },
  paced: { tokenDelayMs: PACE_MS, connections: MANY_STREAMS, firstAnswers: 8, run: streams },
};

/** Work an engine puts off until an answer is sent, logs and metrics, counts as its own. */
const SETTLE_MS = 150;

/** Unit: seconds. */
const cpuOf = ({ pid }: Engine): number | undefined => (pid === undefined ? undefined : processUsage(pid).cpuSeconds);

async function slice(engine: Engine, load: LoadName, answers: number): Promise<Slice> {
  const { run, connections } = LOADS[load];
  const before = cpuOf(engine);
  const result = await run(engine, connections, answers);
  await sleep(SETTLE_MS);
  const after = cpuOf(engine);
  const cpuSeconds = before === undefined || after === undefined ? undefined : after - before;
  return { ...result, engine: engine.name, load, cpuSeconds };
}

/**
 * Every load on every engine in turn, `rounds` times and once before, so that a drifting machine hurts each of them
 * alike. How many answers make a slice of `sliceSeconds` is found in the round before,
 * which does not count; there are at least as many as in that.
 */
export async function measuredSlices(
  engines: readonly Engine[],
  upstreams: Upstreams,
  { rounds, sliceSeconds }: { readonly rounds: number; readonly sliceSeconds: number },
  onRound: (round: number) => void,
): Promise<readonly Slice[]> {
  const loads = Object.keys(LOADS) as LoadName[];
  const answers = new Map<string, number>();
  const slices: Slice[] = [];
  for (let round = 0; round <= rounds; round++) {
    onRound(round);
    for (const load of loads) {
      const { tokenDelayMs, connections, firstAnswers } = LOADS[load];
      await upstreams.pace(tokenDelayMs);
      for (const engine of engines) {
        const key = `${load} ${engine.name}`;
        const measured = await slice(engine, load, answers.get(key) ?? firstAnswers);
        if (round > 0) slices.push(measured);
        else {
          const fitting = Math.round((measured.answers / measured.seconds) * sliceSeconds);
          answers.set(key, connections * Math.ceil(Math.max(firstAnswers, fitting) / connections));
        }
      }
    }
  }
  return slices;
}
