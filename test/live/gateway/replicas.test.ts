import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keyFile } from "../../../components/gateway/keys.ts";
import { type Answer, ask, type Question } from "../../../sandbox/gateway/client.ts";
import { RedisProcess } from "../../../sandbox/gateway/redis.ts";
import { keyOf, type Stage, startStage } from "./stage.ts";

const MODEL = "mistral/mistral-large-2512";
/** Some hundred answers of the fake, which are 10 tokens in and 12 out. */
const BUDGET_USD = 0.005;
const TOKENS_PER_MINUTE = 8192;
const COUNTED_MS = 250;

describe("two gateways with one Redis", () => {
  let redis: RedisProcess;
  let stage: Stage;
  beforeAll(async () => {
    redis = await RedisProcess.start();
    stage = await startStage({
      processes: 2,
      redis,
      tasks: { chat: {}, mail: { apiModel: MODEL, selfHosted: [] } },
      gateway: {
        redis: { kind: "in-cluster" },
        clients: {
          web: {},
          limited: { tasks: ["chat"], requestsPerMinute: 15 },
          parallel: { tasks: ["chat"], parallelRequests: 3 },
          ...Object.fromEntries(
            ["metered", "metered-at-once", "metered-long"].map((client) => [
              client,
              { tasks: ["chat"], tokensPerMinute: TOKENS_PER_MINUTE },
            ]),
          ),
        },
        apiBudgets: { mistral: { usd: BUDGET_USD, period: "1d" } },
      },
    });
  });
  afterAll(async () => {
    await stage.end();
    await redis.end();
  });

  let turn = 0;
  const anywhere = (model: string, client: string, body: Question["body"] = {}): Promise<Answer> => {
    turn += 1;
    const url = stage.gateways[turn % 2]?.url ?? "";
    return ask(url, { model, key: keyOf(client), body });
  };

  it("let a client ask as often as its limit says, and no more", async () => {
    const answers: Answer[] = [];
    for (let round = 0; round < 5; round++)
      answers.push(...(await Promise.all(Array.from({ length: 8 }, () => anywhere("chat", "limited")))));
    const byStatus = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect([byStatus(200), byStatus(429)]).toEqual([15, 25]);
  });

  it("let a client ask as many at once as its limit says", async () => {
    stage.model("chat-model").delayMs = 2000;
    const answers = await Promise.all(Array.from({ length: 10 }, () => anywhere("chat", "parallel")));
    stage.model("chat-model").delayMs = 0;
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect((await anywhere("chat", "parallel")).status).toBe(200);
  });

  describe("with a limit of tokens", () => {
    /** Tokens of an answer of so many words to a question of this suite, as the fake counts them. */
    const tokens = (words: number): number => 10 + words;
    let usual: readonly string[];
    beforeAll(() => {
      const model = stage.model("chat-model");
      usual = model.answer;
      model.delayMs = 0;
    });
    afterAll(() => {
      stage.model("chat-model").answer = usual;
      stage.model("chat-model").delayMs = 0;
    });
    const words = (count: number): void => {
      stage.model("chat-model").answer = Array.from({ length: count }, (_, index) => `word${index}`);
    };

    it("stop a client that asks one after the other before it is past its limit", async () => {
      words(500);
      let answered = 0;
      // What an answer really took is counted a moment after it has ended.
      const next = (): Promise<Answer> => sleep(COUNTED_MS).then(() => anywhere("chat", "metered"));
      let last = await next();
      for (; last.status === 200 && answered < 100; last = await next()) answered += 1;
      expect(last.status).toBe(429);
      // What is left would not take the next one: a token of the question and 1,024 for an answer of unknown length.
      expect(answered * tokens(500)).toBeLessThanOrEqual(TOKENS_PER_MINUTE);
      expect(answered).toBe(1 + Math.floor((TOKENS_PER_MINUTE - 1025) / tokens(500)));
    });

    it("reserve what a request may take before it is sent, so that many at once do not pass it", async () => {
      words(500);
      stage.model("chat-model").delayMs = 1000;
      const answers = await Promise.all(
        Array.from({ length: 40 }, () => anywhere("chat", "metered-at-once", { max_tokens: 500 })),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(Math.floor(TOKENS_PER_MINUTE / 501));
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(40 - Math.floor(TOKENS_PER_MINUTE / 501));
    });

    it("count an answer longer than that when it has ended", async () => {
      words(3000);
      const answers = await Promise.all(Array.from({ length: 20 }, () => anywhere("chat", "metered-long")));
      // Seven times 1,025 are reserved; what those answers take beyond it is known afterwards.
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(7);
      expect((await anywhere("chat", "metered-long")).status).toBe(429);
    });
  });

  it("know keys by their own tasks alone", async () => {
    expect((await anywhere("mail", "limited")).status).toBeGreaterThanOrEqual(400);
    expect((await anywhere("chat", "nobody")).status).toBe(401);
  });

  it("take new keys without a restart", async () => {
    const { clients } = stage.config.gateway;
    const rotated = keyFile({ web: ["sk-new", keyOf("web")] }, clients, stage.config.tasks, false);
    await Promise.all(stage.gateways.map((gateway) => gateway.rotateKeys(rotated)));
    const key = "sk-new";
    for (const { url } of stage.gateways) expect(await ask(url, { model: "chat", key })).toMatchObject({ status: 200 });
    expect((await anywhere("chat", "web")).status).toBe(200);
    expect((await anywhere("chat", "limited")).status).toBe(401);
  });

  it("stop calling an API within half a second's spend of its budget", async () => {
    const api = stage.apiOf("mistral");
    const startedAt = performance.now();
    let isRefused = false;
    const client = async (): Promise<void> => {
      while (!isRefused) isRefused = !(await anywhere("mail", "web")).complete || isRefused;
    };
    await Promise.all(Array.from({ length: 4 }, client));
    const seconds = (performance.now() - startedAt) / 1000;
    // Go on: what one gateway knows, the other must learn.
    for (let request = 0; request < 20; request++) await anywhere("mail", "web");
    const { inputUsd = 0, outputUsd = 0 } = stage.prices[MODEL] ?? {};
    const usdPerRequest = 10 * inputUsd + 12 * outputUsd;
    const spent = api.received.length * usdPerRequest;
    const perSecond = spent / seconds;
    expect(spent).toBeGreaterThanOrEqual(BUDGET_USD);
    expect(spent - BUDGET_USD).toBeLessThanOrEqual(0.5 * perSecond);
    expect((await anywhere("mail", "web")).status).toBe(429);
  });

  it("answer within seconds although Redis hangs", async () => {
    redis.freeze();
    try {
      for (let request = 0; request < 6; request++) {
        const answer = await anywhere("chat", "web");
        expect(answer.status).toBe(200);
        expect(answer.totalMs).toBeLessThan(3000);
      }
    } finally {
      redis.thaw();
    }
  });

  it("answer within seconds although Redis hangs and a model is lost", async () => {
    redis.freeze();
    const model = stage.model("chat-model");
    try {
      await model.kill();
      for (let request = 0; request < 6; request++) {
        const answer = await anywhere("chat", "web");
        expect(answer).toMatchObject({ status: 200, complete: true });
        expect(answer.totalMs).toBeLessThan(3000);
      }
    } finally {
      await model.start();
      redis.thaw();
    }
  });

  it("lose nothing while they are replaced one after the other", async () => {
    stage.model("chat-model").tokenDelayMs = 20;
    const inService = new Set(stage.gateways);
    let isOver = false;
    const answers: Answer[] = [];
    const client = async (index: number): Promise<void> => {
      while (!isOver) {
        const all = [...inService];
        turn += 1;
        const url = all[turn % all.length]?.url ?? "";
        answers.push(await ask(url, { model: "chat", key: keyOf("web"), stream: index % 2 === 0 }));
      }
    };
    const clients = Promise.all(Array.from({ length: 6 }, (_, index) => client(index)));
    for (const gateway of stage.gateways) {
      await sleep(500);
      // As Kubernetes does: first out of the Service, then after a pause told to stop, then back when ready.
      inService.delete(gateway);
      await sleep(300);
      await gateway.stop();
      await gateway.start();
      inService.add(gateway);
    }
    isOver = true;
    await clients;
    expect(answers.length).toBeGreaterThan(50);
    expect(answers.filter(({ complete }) => !complete)).toEqual([]);
  });
});
