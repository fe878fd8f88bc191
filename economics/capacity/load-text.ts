import { found, type Lookup, missing } from "../provenance.ts";
import type { Load } from "./deployment.ts";

const NUMBER = /\d+(?:\.\d+)?/;
const amount = (text: string, before: RegExp): number | undefined => {
  const match = text.match(before);
  return match === null ? undefined : Number((match[0].match(NUMBER) as RegExpMatchArray)[0]);
};

/** Most prompts a bounded client keeps open in reports that state both a bound and a number of prompts. */
const BOUNDED_CLIENTS = /max \d+/i;

/**
 * Reads how benchmark tables state their load: `64`, `max-throughput`, `QPS=8`, `QPS=INF`, `static batch 64`,
 * `max 4; 100 prompts`, `1000 prompts`, `MLPerf Server (closed)`.
 */
export function parseLoad(text: string): Lookup<Load> {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) {
    const clients = Number(trimmed);
    return clients > 0 ? found({ kind: "concurrency", clients }) : missing("concurrency must be above 0");
  }
  if (/^(max-throughput|offline|best offline)/i.test(trimmed) || /^QPS=INF/i.test(trimmed))
    return found({ kind: "offline" });
  if (/^MLPerf Offline/i.test(trimmed)) return found({ kind: "mlperf-offline" });
  if (/^MLPerf Server/i.test(trimmed)) return found({ kind: "mlperf-server" });
  if (/^MLPerf Interactive/i.test(trimmed)) return found({ kind: "mlperf-interactive" });
  const rate = amount(trimmed, /^QPS=\d+(\.\d+)?/i);
  if (rate !== undefined) return found({ kind: "rate", requestsPerSecond: rate });
  const batch = amount(trimmed, /^(static batch|max-num-seqs) \d+/i);
  if (batch !== undefined) return found({ kind: "concurrency", clients: batch });
  const bound = amount(trimmed, BOUNDED_CLIENTS);
  const prompts = amount(trimmed, /\d+ (ShareGPT )?prompts/i);
  if (bound !== undefined) return found({ kind: "concurrency", clients: bound });
  if (prompts !== undefined) return found({ kind: "burst", requests: prompts });
  const leading = amount(trimmed, /^\d+(\.\d+)?/);
  if (leading !== undefined && leading > 0) return found({ kind: "concurrency", clients: leading });
  return missing(`load "${text}" is not understood; give a number of clients, QPS=<requests/s>, or max-throughput`);
}

/**
 * What a load text says beyond the load itself: flags, the chapter of the report, the parallelism. Runs that differ in it are
 * not repeats of one another. Empty when there is nothing.
 */
export function variantIn(text: string): string {
  const prompts = text.match(/prompts;\s*(.*)$/i);
  if (prompts !== null) return (prompts[1] as string).trim();
  const aside = text.match(/\((.*)\)\s*$/);
  return aside === null ? "" : (aside[1] as string);
}

/** Pipeline stages a text states (`TP4 PP2`, `Parallelism in vLLM / PP2`); 1 when it states none. */
export const stagesIn = (text: string): number =>
  Number(
    text
      .match(/\bPP\s?(\d+)\b|\dPP(\d+)\b/i)
      ?.slice(1)
      .find(Boolean) ?? 1,
  );
