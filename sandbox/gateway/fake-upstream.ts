/** A FAKE OpenAI-compatible server: stands in for vLLM on GPUs or for a commercial API, answers at once and fails on demand. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** How it fails. Names say what a caller sees; `never-answers` and `stalls…` last until the caller gives up. */
export const FAULTS = [
  "none",
  "resets",
  "500",
  "503",
  "429",
  "400",
  "401",
  "404",
  "context-too-long",
  "never-answers",
  "slow-first-token",
  "broken-body",
  "html",
  "no-choices",
  "empty-answer",
  "cut-after-headers",
  "cut-after-role",
  "cut-after-content",
  "stalls-after-content",
  "error-event-after-content",
  "ends-early",
] as const;
export type Fault = (typeof FAULTS)[number];

/** What arrived. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Readonly<Record<string, unknown>>;
}

const ERRORS: Partial<Record<Fault, readonly [status: number, message: string]>> = {
  "500": [500, "EngineCore encountered an issue."],
  "503": [503, "The server is overloaded."],
  "429": [429, "Too many requests."],
  "400": [400, "Unknown parameter."],
  "401": [401, "Unauthorized."],
  "404": [404, "The model does not exist."],
  "context-too-long": [
    400,
    "This model's maximum context length is 4096 tokens. However, you requested 9000 tokens in the messages. Please reduce the length of the messages.",
  ],
};

export class FakeUpstream {
  readonly name: string;
  fault: Fault = "none";
  /** How many more requests fail with it before it is over. */
  faultsLeft = Number.POSITIVE_INFINITY;
  /** Before the first token of every answer. Unit: milliseconds. */
  delayMs = 0;
  /** Before every token of a stream. Unit: milliseconds. */
  tokenDelayMs = 0;
  /** Prompt tokens it says it had in its cache, of ten. */
  cachedTokens = 0;
  /** Words of the answer; the first one says who answered. */
  answer: readonly string[];
  /** Everything that arrived but the gateway's health probes. */
  readonly received: ReceivedRequest[] = [];
  /** Connections that were ever opened. */
  connections = 0;
  /** Requests that are worked on now, and the most there were; probes apart. */
  running = 0;
  mostRunning = 0;
  #server: Server | undefined;
  #sockets = new Set<Socket>();
  #port = 0;

  constructor(name: string) {
    this.name = name;
    this.answer = [`from=${name}`, ...Array.from({ length: 11 }, (_, index) => `word${index}`)];
  }

  /** Address with `/v1`. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}/v1`;
  }

  get text(): string {
    return this.answer.join(" ");
  }

  /** Listens, after a `kill` on the same port as before. */
  async start(): Promise<this> {
    const server = createServer(
      (request, response) => void this.#serve(request, response).catch(() => response.destroy()),
    );
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      this.connections += 1;
      socket.on("close", () => this.#sockets.delete(socket));
    });
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#port, "127.0.0.1", resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  /** As a process that is killed: every connection is reset and new ones are refused. */
  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    if (request.method === "GET") {
      if (this.fault === "never-answers") return;
      return send(response, 200, { object: "list", data: [{ id: this.name, object: "model" }] });
    }
    const body = await bodyOf(request);
    // The gateway's health probe asks for one token.
    if (body["max_tokens"] !== 1) this.#count({ path, headers: request.headers, body }, response);
    await this.#answer(path, body, response);
  }

  #count(request: ReceivedRequest, response: ServerResponse): void {
    this.received.push(request);
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    response.on("close", () => {
      this.running -= 1;
    });
    if (this.faultsLeft-- <= 0) this.fault = "none";
  }

  async #answer(path: string, body: ReceivedRequest["body"], response: ServerResponse): Promise<void> {
    const { fault } = this;
    const error = ERRORS[fault];
    if (error !== undefined) {
      const [status, message] = error;
      if (status === 429) response.setHeader("retry-after", "7");
      return send(response, status, { error: { message, type: "fake", param: null, code: status } });
    }
    if (fault === "resets") return response.socket?.resetAndDestroy() as undefined;
    if (fault === "never-answers") return;
    if (fault === "slow-first-token") await sleep(20_000, undefined, { ref: false });
    if (this.delayMs > 0) await sleep(this.delayMs);
    if (fault === "html") {
      response.setHeader("content-type", "text/html");
      return void response.end("<html>bad gateway</html>");
    }
    if (path.endsWith("/embeddings")) return this.#embed(body, response);
    return body["stream"] === true ? this.#stream(body, response) : this.#complete(path, response);
  }

  #embed(body: ReceivedRequest["body"], response: ServerResponse): void {
    const inputs = Array.isArray(body["input"]) ? body["input"] : [body["input"]];
    const data = inputs.map((_, index) => ({ object: "embedding", index, embedding: [0.1, 0.2, 0.3] }));
    send(response, 200, { object: "list", model: this.name, data, usage: { prompt_tokens: 1, total_tokens: 1 } });
  }

  get #usage() {
    const tokens = this.answer.length;
    return {
      prompt_tokens: 10,
      completion_tokens: tokens,
      total_tokens: 10 + tokens,
      ...(this.cachedTokens > 0 && { prompt_tokens_details: { cached_tokens: this.cachedTokens } }),
    };
  }

  get #words(): readonly string[] {
    return this.fault === "empty-answer" ? [] : this.answer;
  }

  #complete(path: string, response: ServerResponse): void {
    const { fault } = this;
    const content = this.#words.join(" ");
    const isChat = path.endsWith("/chat/completions");
    const choice = isChat ? { message: { role: "assistant", content } } : { text: content };
    const answer = {
      id: `fake-${this.name}`,
      object: isChat ? "chat.completion" : "text_completion",
      created: Math.floor(Date.now() / 1000),
      model: this.name,
      choices: fault === "no-choices" ? [] : [{ index: 0, ...choice, finish_reason: "stop" }],
      usage: this.#usage,
    };
    const text = JSON.stringify(answer);
    if (fault === "broken-body") return sendText(response, text.slice(0, text.length / 2));
    if (fault.startsWith("cut-") || fault === "ends-early") {
      response.writeHead(200, { "content-type": "application/json", "content-length": text.length });
      response.write(text.slice(0, text.length / 2), () => response.socket?.resetAndDestroy());
      return;
    }
    if (fault === "stalls-after-content") {
      response.writeHead(200, { "content-type": "application/json", "content-length": text.length });
      response.write(text.slice(0, text.length / 2));
      return;
    }
    if (fault === "error-event-after-content")
      return send(response, 500, { error: { message: "EngineDeadError", type: "InternalServerError", code: 500 } });
    sendText(response, text);
  }

  async #stream(body: ReceivedRequest["body"], response: ServerResponse): Promise<void> {
    const { fault } = this;
    const base = { id: `fake-${this.name}`, object: "chat.completion.chunk", created: 1, model: this.name };
    const event = (delta: object, finish_reason: string | null = null) =>
      this.#write(response, JSON.stringify({ ...base, choices: [{ index: 0, delta, finish_reason }] }));
    const cut = () => response.socket?.resetAndDestroy();

    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    response.flushHeaders();
    if (fault === "cut-after-headers") return void cut();
    if (fault === "broken-body") {
      await this.#write(response, '{"id":"x","choices":[{"ind');
      return void response.end();
    }
    if (fault === "no-choices") {
      await this.#write(response, JSON.stringify({ ...base, choices: [] }));
      await this.#write(response, "[DONE]");
      return void response.end();
    }
    await event({ role: "assistant", content: "" });
    if (fault === "cut-after-role") return void cut();
    for (const [index, word] of this.#words.entries()) {
      if (index === FAULTY_TOKEN) {
        if (fault === "cut-after-content") {
          // What was sent must have left, or the reset takes it along.
          await sleep(20);
          return void cut();
        }
        if (fault === "stalls-after-content") return;
        if (fault === "ends-early") return void response.end();
        if (fault === "error-event-after-content") {
          const error = { message: "EngineDeadError", type: "InternalServerError", param: null, code: 500 };
          await this.#write(response, JSON.stringify({ error }));
          await this.#write(response, "[DONE]");
          return void response.end();
        }
      }
      if (this.tokenDelayMs > 0) await sleep(this.tokenDelayMs);
      await event({ content: index === 0 ? word : ` ${word}` });
      if (response.destroyed) return;
    }
    await event({}, "stop");
    const options = body["stream_options"] as { include_usage?: boolean } | undefined;
    if (options?.include_usage)
      await this.#write(response, JSON.stringify({ ...base, choices: [], usage: this.#usage }));
    await this.#write(response, "[DONE]");
    response.end();
  }

  async #write(response: ServerResponse, data: string): Promise<void> {
    if (!response.write(`data: ${data}\n\n`) && !response.destroyed)
      await Promise.race([new Promise((resolve) => response.once("drain", resolve)), sleep(1000)]);
  }
}

/** Tokens that are sent before a fault "after content". */
const FAULTY_TOKEN = 3;

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function sendText(response: ServerResponse, text: string): void {
  response.setHeader("content-type", "application/json");
  response.end(text);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  sendText(response, JSON.stringify(body));
}
