import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keyOf, type Stage, startStage } from "./stage.ts";

const MIB = 2 ** 20;

describe("the edge of the gateway", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage({ tasks: { chat: {} }, gateway: { maxBodyMiB: 2 } });
  });
  afterAll(() => stage.end());

  /** A chat request whose body has `bytes` bytes, in chunks when its length is not said. */
  const ask = (bytes: number, isLengthSaid: boolean): Promise<{ status: number; text: string }> => {
    const [before, after] = ['{"model":"chat","messages":[{"role":"user","content":"', '"}]}'];
    const body = before + "x".repeat(bytes - before.length - after.length) + after;
    return new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${keyOf("default")}`,
        "content-type": "application/json",
        ...(isLengthSaid ? { "content-length": bytes } : { "transfer-encoding": "chunked" }),
      };
      const call = request(`${stage.gateway.url}/v1/chat/completions`, { method: "POST", headers }, (response) => {
        let text = "";
        response.on("data", (part) => {
          text += part;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      });
      call.on("error", reject);
      for (let start = 0; start < bytes; start += 65_536) call.write(body.slice(start, start + 65_536));
      call.end();
    });
  };

  it("calls nobody before it is asked", () => {
    expect(stage.externalTraffic()).toBe(0);
  });

  it.each([true, false])("lets a body of exactly the limit through, its length said: %s", async (isLengthSaid) => {
    const { status, text } = await ask(2 * MIB, isLengthSaid);
    expect(status).toBe(200);
    expect(text).toContain(stage.model("chat-model").text);
  });

  it.each([true, false])("refuses a body one byte above it, its length said: %s", async (isLengthSaid) => {
    const before = stage.model("chat-model").received.length;
    const { status, text } = await ask(2 * MIB + 1, isLengthSaid);
    expect(status).toBe(413);
    expect(JSON.parse(text)).toEqual({
      error: { message: "the request is larger than 2 MiB", type: "invalid_request_error", param: null, code: "413" },
    });
    expect(stage.model("chat-model").received).toHaveLength(before);
    expect(stage.externalTraffic()).toBe(0);
    expect((await stage.ask("chat")).status).toBe(200);
  });

  it("drops headers that steer LiteLLM", async () => {
    const model = stage.model("chat-model");
    model.delayMs = 500;
    const headers = { "x-litellm-timeout": "0.05", "x-litellm-stream-timeout": "0.05" };
    expect(await stage.ask("chat", { headers })).toMatchObject({ complete: true, text: model.text });
    model.delayMs = 0;
  });

  it("answers on no other path", async () => {
    for (const path of ["/health", "/metrics", "/key/generate", "/v1/responses", "/"]) {
      const response = await fetch(`${stage.gateway.url}${path}`);
      expect(response.status, path).toBe(404);
      expect(await response.json(), path).toMatchObject({ error: { message: "not found", code: "404" } });
    }
  });
});
