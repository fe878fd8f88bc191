import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../../../sandbox/gateway/fake-upstream.ts";
import { type Stage, startStage } from "./stage.ts";

/** Short enough to wait for. Unit: seconds. */
const TIMEOUT = 10;
const STREAM_TIMEOUT = 3;
/** Extra time a client may see. Unit: milliseconds. */
const LIMIT_MS = 1000;
const WHOLE_MS = (TIMEOUT + 1) * 1000;
const STREAM_MS = (STREAM_TIMEOUT + 1) * 1000;

/** Faults before the first content, and how long a client waits at most for the API's answer instead. */
const masked: readonly (readonly [fault: Fault, wholeMs: number, streamMs: number])[] = [
  ["resets", LIMIT_MS, LIMIT_MS],
  ["500", LIMIT_MS, LIMIT_MS],
  ["503", LIMIT_MS, LIMIT_MS],
  ["429", LIMIT_MS, LIMIT_MS],
  ["400", LIMIT_MS, LIMIT_MS],
  ["401", LIMIT_MS, LIMIT_MS],
  ["404", LIMIT_MS, LIMIT_MS],
  ["context-too-long", LIMIT_MS, LIMIT_MS],
  ["never-answers", WHOLE_MS, STREAM_MS],
  ["slow-first-token", WHOLE_MS, STREAM_MS],
  ["broken-body", LIMIT_MS, LIMIT_MS],
  ["html", LIMIT_MS, LIMIT_MS],
  ["no-choices", LIMIT_MS, LIMIT_MS],
  ["empty-answer", LIMIT_MS, LIMIT_MS],
  ["cut-after-headers", LIMIT_MS, LIMIT_MS],
  ["cut-after-role", LIMIT_MS, LIMIT_MS],
];

/** Faults after the first content. An answer in one piece is still masked, its client has seen nothing. */
const late: readonly (readonly [fault: Fault, wholeMs: number, streamMs: number])[] = [
  ["cut-after-content", LIMIT_MS, LIMIT_MS],
  ["error-event-after-content", LIMIT_MS, LIMIT_MS],
  ["stalls-after-content", WHOLE_MS, STREAM_MS],
  ["ends-early", LIMIT_MS, LIMIT_MS],
];

const nameOf = (kind: string, fault: Fault): string => `${kind}-${fault.replaceAll("-", "").slice(0, 16)}`;

describe("a gateway in front of a failing model", () => {
  let stage: Stage;
  beforeAll(async () => {
    // A task and a model per case: what one case puts aside, no other misses.
    const plain = [...masked, ...late].flatMap(([fault]) => [nameOf("whole", fault), nameOf("stream", fault)]);
    const judged = late.map(([fault]) => nameOf("held", fault));
    stage = await startStage({
      tasks: Object.fromEntries([
        ["healthy", {}],
        ...plain.map((name) => [name, {}]),
        ...judged.map((name) => [name, { answerCheck: {}, escalationRate: 0.1 }]),
      ]),
      models: Object.fromEntries(
        [...plain, ...judged].map((name) => [`${name}-model`, { slo: { ttftMs: 500, tpotMs: 50 } }]),
      ),
      gateway: { timeoutSeconds: TIMEOUT, streamTimeoutSeconds: STREAM_TIMEOUT },
    });
    await stage.ask("healthy");
  });
  afterAll(() => stage.end());

  /** Asks a task whose model fails, and says how many milliseconds longer that took than the slowest healthy answer meanwhile. */
  const askFailing = async (task: string, fault: Fault, stream: boolean) => {
    stage.model(`${task}-model`).fault = fault;
    let isOver = false;
    const healthy = async (): Promise<number> => {
      let slowest = 0;
      do {
        slowest = Math.max(slowest, (await stage.ask("healthy", { stream })).totalMs);
        await sleep(200);
      } while (!isOver);
      return slowest;
    };
    const failing = stage.ask(task, { stream }).finally(() => {
      isOver = true;
    });
    const [answer, slowest] = await Promise.all([failing, healthy()]);
    return { answer, extraMs: answer.totalMs - slowest };
  };

  const answersFromApi = async (task: string, fault: Fault, stream: boolean, limitMs: number) => {
    const { answer, extraMs } = await askFailing(task, fault, stream);
    expect(answer).toMatchObject({ status: 200, complete: true, text: stage.api.text });
    expect(extraMs).toBeLessThan(limitMs);
  };

  it.each([...masked, ...late])("answers from the API, in one piece: %s", (fault, limitMs) =>
    answersFromApi(nameOf("whole", fault), fault, false, limitMs),
  );

  it.each(masked)("answers from the API, as a stream: %s", (fault, _, limitMs) =>
    answersFromApi(nameOf("stream", fault), fault, true, limitMs),
  );

  it.each(late)("answers from the API where the beginning is held back, as a stream: %s", (fault, _, limitMs) =>
    answersFromApi(nameOf("held", fault), fault, true, limitMs),
  );

  it.each(late)(
    "cannot mask what breaks after the first content, and says so in the stream: %s",
    async (fault, _, limitMs) => {
      const task = nameOf("stream", fault);
      const { answer, extraMs } = await askFailing(task, fault, true);
      expect(answer).toMatchObject({ status: 200, complete: false, error: expect.any(String) });
      expect(stage.model(`${task}-model`).text.startsWith(answer.text)).toBe(true);
      expect(extraMs).toBeLessThan(limitMs);
    },
  );
});
