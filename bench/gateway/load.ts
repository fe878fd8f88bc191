import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import autocannon from "autocannon";
import { type Engine, question } from "./engines.ts";
import { ANSWER_EVENTS } from "./upstreams.ts";

/** Answers that all came whole. */
export interface Load {
  readonly answers: number;
  /** Those the API gave: an engine whose probe of the model is late on a busy machine goes there for a while. */
  readonly byApi: number;
  readonly seconds: number;
  /** Of every answer: until its last byte, of a stream until its first content. Unit: milliseconds. */
  readonly milliseconds: readonly number[];
}

const PATH = "/v1/chat/completions";
/** Of any answer, and of one of the API. */
const FIRST = "from=";
const FIRST_OF_API = "from=api";
const LAST = `word${ANSWER_EVENTS - 1}`;
const isWhole = (answer: string): boolean => answer.includes(FIRST) && answer.includes(LAST);

/** `answers` answers in one piece, `connections` at once. Throws when one is wrong. */
export async function wholeAnswers(engine: Engine, connections: number, answers: number): Promise<Load> {
  const milliseconds: number[] = [];
  const startedAt = performance.now();
  let lastAt = startedAt;
  let byApi = 0;
  const { errors, timeouts, non2xx, mismatches } = await new Promise<autocannon.Result>((resolve, reject) => {
    const load = autocannon(
      {
        url: `${engine.url}${PATH}`,
        method: "POST",
        headers: engine.headers,
        body: question(false),
        connections,
        amount: answers,
        sampleInt: 100,
        timeout: 60,
        verifyBody: (body) => {
          const text = String(body);
          if (text.includes(FIRST_OF_API)) byApi += 1;
          return isWhole(text);
        },
      },
      (error, result) => (error ? reject(error) : resolve(result)),
    );
    load.on("response", (_client, _status, _bytes, responseMs) => {
      milliseconds.push(responseMs);
      lastAt = performance.now();
    });
  });
  const wrong = Object.entries({ errors, timeouts, non2xx, mismatches }).filter(([, count]) => count > 0);
  if (wrong.length > 0)
    throw new Error(`${engine.name}: ${wrong.map(([kind, count]) => `${count} ${kind}`).join(", ")}`);
  return { answers: milliseconds.length, byApi, seconds: (lastAt - startedAt) / 1000, milliseconds };
}

/** `answers` streams, `connections` at once. Throws when one is wrong. */
export async function streams(engine: Engine, connections: number, answers: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const milliseconds: number[] = [];
  const startedAt = performance.now();
  let asked = 0;
  let byApi = 0;
  const client = async (): Promise<void> => {
    while (asked < answers) {
      asked += 1;
      const { firstMs, text } = await stream(engine, agent);
      milliseconds.push(firstMs);
      if (text.includes(FIRST_OF_API)) byApi += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  agent.destroy();
  return { answers, byApi, seconds: (performance.now() - startedAt) / 1000, milliseconds };
}

/** Reads one stream to its end. */
async function stream(engine: Engine, agent: Agent): Promise<{ firstMs: number; text: string }> {
  const startedAt = performance.now();
  const asked = request(`${engine.url}${PATH}`, { method: "POST", headers: engine.headers, agent });
  asked.end(question(true));
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  let firstMs: number | undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (firstMs === undefined && chunk.includes(FIRST)) firstMs = performance.now() - startedAt;
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString();
  if (firstMs === undefined || !isWhole(text) || !text.includes("data: [DONE]"))
    throw new Error(`${engine.name}: status ${response.statusCode}, a stream is not whole: ${text.slice(-300)}`);
  return { firstMs, text };
}
