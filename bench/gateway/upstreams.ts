import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("upstream-process.ts", import.meta.url));

/** Words of every answer; each is one event of a stream. */
export const ANSWER_EVENTS = 100;

/** What the bench asks of the process. */
export type UpstreamOrder = { readonly tokenDelayMs: number } | { readonly kill: "model" };

/** Both FAKE servers, in a process of their own. */
export class Upstreams {
  readonly #process: ChildProcess;
  /** Addresses with `/v1`. */
  readonly model: string;
  readonly api: string;

  private constructor(process: ChildProcess, { model, api }: { readonly model: string; readonly api: string }) {
    this.#process = process;
    this.model = model;
    this.api = api;
  }

  static async start(): Promise<Upstreams> {
    const child = fork(script);
    const [addresses] = await once(child, "message");
    return new Upstreams(child, addresses);
  }

  async #order(order: UpstreamOrder): Promise<void> {
    const done = once(this.#process, "message");
    this.#process.send(order);
    await done;
  }

  /** Pause before every event of a stream. Unit: milliseconds. */
  pace = (tokenDelayMs: number): Promise<void> => this.#order({ tokenDelayMs });

  killModel = (): Promise<void> => this.#order({ kill: "model" });

  async end(): Promise<void> {
    const gone = once(this.#process, "exit");
    this.#process.disconnect();
    await gone;
  }
}
