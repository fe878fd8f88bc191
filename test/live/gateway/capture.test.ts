import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CAPTURE_PREFIX } from "../../../components/gateway/capture.ts";
import { freePort } from "../../../sandbox/free-port.ts";
import type { Answer } from "../../../sandbox/gateway/client.ts";
import { type CapturedRecord, ObjectStore } from "../../../sandbox/gateway/object-store.ts";
import { attempts, send } from "./attempts.ts";
import { keyOf, type Stage, type StageOptions, startStage } from "./stage.ts";

const SEED = 20261121;
const captureStore = { kind: "s3" } as const;
const all = { capture: { share: 1 } } as const;

const idOf = ({ headers }: Answer): string => headers.get("x-litellm-call-id") ?? "no id";

/** The rule of the plug-in, stated a second time. */
const isSampled = (id: string, share: number): boolean =>
  createHash("sha256").update(id).digest().readBigUInt64BE() < BigInt(share * 2 ** 52) << 12n;

/** What the store has of these tasks once `count` records are there, or after a while. */
async function recordsOf(store: ObjectStore, tasks: readonly string[], count: number): Promise<CapturedRecord[]> {
  const paths = tasks.map((task) => `${CAPTURE_PREFIX}/${task}/`);
  for (const until = Date.now() + 15_000; ; await sleep(100)) {
    const objects = (await store.objects()).filter(({ key }) => paths.some((path) => key.startsWith(path)));
    const records = objects.flatMap((object) => object.records);
    if (records.length >= count || Date.now() > until) return records;
  }
}

/** Longer than it takes to send what waits. */
const aFlush = (): Promise<void> => sleep(3000);

describe("captured answers", () => {
  let store: ObjectStore;
  let stage: Stage;
  const options: StageOptions = {
    tasks: {
      plain: all,
      judged: { ...all, answerCheck: {}, escalationRate: 1 },
      half: { capture: { share: 0.5 } },
      none: { capture: { share: 0 } },
      off: {},
      guarded: all,
      unlucky: all,
      patient: all,
    },
    gateway: { captureStore },
  };
  let metricsPort: number;
  beforeAll(async () => {
    store = await ObjectStore.start(CAPTURE_PREFIX);
    metricsPort = await freePort();
    stage = await startStage({ ...options, store, metricsPort });
  });
  afterAll(async () => {
    await stage.end();
    await store.end();
  });

  const countOf = async (task: string, outcome: string): Promise<number> => {
    const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    const line = text
      .split("\n")
      .find(
        (one) =>
          one.startsWith("gateway_captured_answers_total") && one.includes(`"${task}"`) && one.includes(`"${outcome}"`),
      );
    return Number(line?.split(" ").at(-1) ?? 0);
  };

  it("are what the client got, and nothing about who asked", async () => {
    const headers = { "x-team": "legal", "user-agent": "secret-agent" };
    const body = { user: "alice", temperature: 0.3, metadata: { team: "legal" } };
    const whole = await stage.ask("plain", { prompt: "What is ß?", headers, body });
    const streamed = await stage.ask("plain", { prompt: "And in Zürich?", stream: true, headers, body });
    expect([whole, streamed]).toMatchObject([{ complete: true }, { complete: true }]);
    const records = await recordsOf(store, ["plain"], 2);
    for (const [answer, content] of [
      [whole, "What is ß?"],
      [streamed, "And in Zürich?"],
    ] as const)
      expect(records.find(({ id }) => id === idOf(answer))).toEqual({
        id: idOf(answer),
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/),
        target: "plain-on-plain-model",
        messages: [{ role: "user", content }],
        answer: { role: "assistant", content: answer.text },
        finish_reason: "stop",
      });
    const [object] = await store.objects();
    expect(object?.key).toMatch(/^captured\/plain\/\d{4}-\d\d-\d\d\/.+\.jsonl\.gz$/);
    const everything = (await store.objects()).flatMap(({ lines }) => lines).join("\n");
    expect(everything).not.toMatch(/alice|legal|secret-agent|default|sk-test|[0-9a-f]{64}/);
  });

  it("say who answered: the API in place of an own model that fails", async () => {
    stage.model("plain-model").fault = "500";
    const answer = await stage.ask("plain", { stream: true });
    stage.model("plain-model").fault = "none";
    const records = await recordsOf(store, ["plain"], 3);
    expect(records.find(({ id }) => id === idOf(answer))).toMatchObject({
      target: "plain-ext",
      answer: { content: stage.api.text },
    });
  });

  it.each([false, true])("are second answers where one was given (stream: %s)", async (stream) => {
    stage.model("judged-model").answer = "I am not sure".split(" ");
    const answer = await stage.ask("judged", { stream });
    expect(answer.text).toBe(stage.api.text);
    const records = await recordsOf(store, ["judged"], stream ? 2 : 1);
    expect(records.find(({ id }) => id === idOf(answer))).toMatchObject({
      target: "judged-ext-direct",
      answer: { content: stage.api.text },
    });
  });

  it("are plain completions too", async () => {
    const body = { model: "plain", prompt: "Once upon", max_tokens: 20 };
    const response = await fetch(`${stage.gateway.url}/v1/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${keyOf("default")}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const { choices } = (await response.json()) as { choices: { text: string }[] };
    const records = await recordsOf(store, ["plain"], 4);
    expect(records.find(({ prompt }) => prompt === "Once upon")?.answer.content).toBe(choices[0]?.text);
  });

  it("are none where an answer broke off or the client went away", async () => {
    const model = stage.model("unlucky-model");
    for (const fault of ["cut-after-content", "ends-early", "error-event-after-content"] as const) {
      model.fault = fault;
      expect((await stage.ask("unlucky", { stream: true })).complete).toBe(false);
    }
    model.fault = "none";
    model.tokenDelayMs = 100;
    const leaving = new AbortController();
    const response = await fetch(`${stage.gateway.url}/v1/chat/completions`, {
      method: "POST",
      signal: leaving.signal,
      headers: { authorization: `Bearer ${keyOf("default")}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "unlucky", stream: true, messages: [{ role: "user", content: "hi" }] }),
    });
    await response.body?.getReader().read();
    leaving.abort();
    model.tokenDelayMs = 0;
    await aFlush();
    expect(await recordsOf(store, ["unlucky"], 0)).toEqual([]);
  });

  it("are none for tasks that did not ask for it, nor at a share of 0", async () => {
    for (const task of ["off", "none"])
      for (const stream of [false, true]) expect(await stage.ask(task, { stream })).toMatchObject({ complete: true });
    await aFlush();
    expect(await recordsOf(store, ["off", "none"], 0)).toEqual([]);
  });

  it("are those whose id says so, at a share of a half", async () => {
    const answers = [];
    for (let request = 0; request < 60; request++) answers.push(await stage.ask("half", { stream: request % 2 === 0 }));
    const expected = answers.map(idOf).filter((id) => isSampled(id, 0.5));
    const records = await recordsOf(store, ["half"], expected.length);
    await aFlush();
    expect(records.map(({ id }) => id).sort()).toEqual(expected.sort());
    expect(expected.length).toBeGreaterThan(10);
    expect(expected.length).toBeLessThan(50);
  });

  it("are none of data that is said to be restricted, whatever else a request says", async () => {
    const list = attempts({ count: 400, seed: SEED, task: "guarded", elsewhere: stage.api.url });
    const statuses = new Set<number>();
    for (const attempt of list) {
      const headers = { ...attempt.headers, "x-data-class": "restricted" };
      statuses.add(await send(stage.gateway.url, keyOf("default"), { ...attempt, headers }));
    }
    expect(statuses).toContain(200);
    await aFlush();
    expect(await recordsOf(store, ["guarded"], 0)).toEqual([]);
    // The same without the mark are kept, so the mark is what kept them out.
    for (const attempt of list.slice(0, 100)) await send(stage.gateway.url, keyOf("default"), attempt);
    expect((await recordsOf(store, ["guarded"], 1)).length).toBeGreaterThan(0);
  });

  it("wait while the store is down; answers are as before", async () => {
    await store.kill();
    const down = [];
    for (let request = 0; request < 20; request++) down.push(await stage.ask("patient", { stream: request % 2 === 0 }));
    await aFlush();
    const later = await stage.ask("patient");
    expect([...down, later].every(({ complete }) => complete)).toBe(true);
    expect(await stage.gateway.log()).toContain("captured answers wait, the store takes none");
    await store.revive();
    const records = await recordsOf(store, ["patient"], 21);
    expect(records.map(({ id }) => id).sort()).toEqual([...down, later].map(idOf).sort());
    await expect.poll(() => countOf("patient", "stored"), { timeout: 10_000 }).toBe(21);
  });

  it("are dropped and counted beyond 32 MiB", async () => {
    await store.kill();
    const prompt = "x".repeat(900_000);
    for (let request = 0; request < 40; request++) expect((await stage.ask("patient", { prompt })).complete).toBe(true);
    await expect.poll(() => countOf("patient", "dropped"), { timeout: 10_000 }).toBeGreaterThan(0);
    const tooLarge = await stage.ask("patient", { prompt: "y".repeat(1_100_000) });
    expect(tooLarge.complete).toBe(true);
    expect(await countOf("patient", "too_large")).toBe(1);
    await store.revive();
    await recordsOf(store, ["patient"], 21 + 30);
  });
});

describe("a gateway that is told to stop", () => {
  it("sends what waits first", async () => {
    const store = await ObjectStore.start(CAPTURE_PREFIX);
    const stage = await startStage({ tasks: { chat: all }, gateway: { captureStore }, store, flushSeconds: 3600 });
    const answers = [await stage.ask("chat"), await stage.ask("chat", { stream: true })];
    expect(await recordsOf(store, ["chat"], 0)).toEqual([]);
    await stage.gateway.stop("SIGTERM");
    const records = await recordsOf(store, ["chat"], 0);
    expect(records.map(({ id }) => id).sort()).toEqual(answers.map(idOf).sort());
    await stage.end();
    await store.end();
  });
});

describe("restricted tasks", () => {
  it("have nothing that captures, even where a task says that it does", async () => {
    await expect(
      startStage({
        role: "restricted",
        tasks: { contracts: { dataClass: "restricted", apiModel: undefined, ...all } },
      }),
    ).rejects.toThrow('tasks.contracts.capture: keeps answers and tasks.contracts.dataClass is "restricted"');
  });
});
