import { describe, expect, it } from "vitest";
import { ask } from "../../../sandbox/gateway/client.ts";
import { RedisProcess } from "../../../sandbox/gateway/redis.ts";
import { keyOf, startStage } from "./stage.ts";

const LIMIT = 6;

describe("two gateways and a Redis that takes encrypted connections alone, as managed ones do", () => {
  it("hold a client to its limit together", async () => {
    const redis = await RedisProcess.start({ tls: true });
    const { certificateFile, port, password } = redis;
    const stage = await startStage({
      processes: 2,
      redis: { port, password, certificateFile },
      tasks: { chat: {} },
      gateway: {
        redis: {
          kind: "endpoint",
          host: "redis.example.internal",
          cidr: "10.9.0.0/24",
          usdPerMonth: 0,
          source: "this test",
          date: "2026-11-21",
        },
        clients: { web: { requestsPerMinute: LIMIT } },
      },
    });
    const statuses: number[] = [];
    for (let request = 0; request < 3 * LIMIT; request++) {
      const url = stage.gateways[request % 2]?.url ?? "";
      statuses.push((await ask(url, { model: "chat", key: keyOf("web") })).status);
    }
    const log = await stage.gateway.log();
    await stage.end();
    await redis.end();
    expect(log).not.toMatch(/CERTIFICATE_VERIFY_FAILED|redis.*(refused|reset|error)/i);
    expect(statuses.filter((status) => status === 200)).toHaveLength(LIMIT);
    expect(statuses.filter((status) => status === 429)).toHaveLength(2 * LIMIT);
  });
});
