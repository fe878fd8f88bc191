import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FakeUpstream, Fault } from "../../../sandbox/gateway/fake-upstream.ts";
import { attempts, send } from "./attempts.ts";
import { keyOf, type Stage, startStage } from "./stage.ts";

const REQUESTS = 10_000;
const AT_ONCE = 24;
/** Fixed, so that every run sends the same. */
const SEED = 20261121;

/** How the own model fails while clients try to get out. */
const FAILURES: readonly (Fault | "killed")[] = ["killed", "500", "html", "no-choices"];

async function fail(model: FakeUpstream, failure: Fault | "killed"): Promise<void> {
  if (failure === "killed") return model.kill();
  model.fault = failure;
  await model.start().catch(() => undefined);
}

const restricted = {
  dataClass: "restricted",
  apiModel: undefined,
} as const;

describe("restricted data", () => {
  describe("behind a gateway of its own", () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await startStage({
        role: "restricted",
        tasks: { contracts: restricted, chat: {} },
        models: { "contracts-model": { weights: { image: "registry.example.com/weights/contracts:v1" } } },
      });
    });
    afterAll(() => stage.end());

    it("has no external target and is answered by own models", async () => {
      expect(await stage.ask("contracts")).toMatchObject({ status: 200, text: stage.model("contracts-model").text });
      expect((await stage.ask("chat")).status).toBeGreaterThanOrEqual(400);
    });

    it("never reaches an API: 10,000 requests with every override there is, while own models fail in four ways", async () => {
      const model = stage.model("contracts-model");
      const list = attempts({ count: REQUESTS, seed: SEED, task: "contracts", elsewhere: stage.api.url });
      const statuses = new Map<number, number>();
      for (const [index, failure] of FAILURES.entries()) {
        if (index > 0 && FAILURES[index - 1] === "killed") await model.start();
        await fail(model, failure);
        const part = list.filter((_, position) => position % FAILURES.length === index);
        let next = 0;
        const client = async (): Promise<void> => {
          for (let attempt = part[next++]; attempt !== undefined; attempt = part[next++]) {
            const status = await send(stage.gateway.url, keyOf("default"), attempt);
            statuses.set(status, (statuses.get(status) ?? 0) + 1);
          }
        };
        await Promise.all(Array.from({ length: AT_ONCE }, client));
      }
      expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBe(REQUESTS);
      expect(stage.externalTraffic()).toBe(0);
      // Attempts that reached nobody would prove nothing.
      expect(model.received.length).toBeGreaterThan(REQUESTS / 100);
    }, 600_000);
  });

  describe("by mistake at the gateway of other tasks", () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await startStage({ tasks: { chat: { answerCheck: {}, escalationRate: 0.1 } } });
    });
    afterAll(() => stage.end());

    it("stays with own models where the request says that it is restricted", async () => {
      const model = stage.model("chat-model");
      const headers = { "x-data-class": "restricted" };
      expect(await stage.ask("chat", { headers })).toMatchObject({ status: 200, text: model.text });
      for (const failure of FAILURES) {
        await fail(model, failure);
        for (const stream of [false, true])
          expect((await stage.ask("chat", { headers, stream })).text, failure).toBe("");
        if (failure === "killed") await model.start();
      }
      expect(stage.externalTraffic()).toBe(0);
      // The same without the mark goes to the API, so the mark is what kept it.
      expect(await stage.ask("chat")).toMatchObject({ complete: true, text: stage.api.text });
    });

    it("and every override is refused or of no use", async () => {
      await stage.model("chat-model").kill();
      const before = stage.externalTraffic();
      const list = attempts({ count: 400, seed: SEED + 1, task: "chat", elsewhere: stage.api.url });
      for (const attempt of list) {
        const headers = { ...attempt.headers, "x-data-class": "restricted" };
        await send(stage.gateway.url, keyOf("default"), { ...attempt, headers });
      }
      expect(stage.externalTraffic()).toBe(before);
    }, 300_000);
  });
});
