/** What a client of the gateway sees, measured. */

export interface Answer {
  readonly status: number;
  /** Content of the answer; of a stream all that arrived. */
  readonly text: string;
  /** Whether the client can tell that the answer is whole: a body that parses, or a stream that ends with a reason and without an error. */
  readonly complete: boolean;
  /** Message of the error, also of one inside a stream. */
  readonly error?: string | undefined;
  readonly finishReason?: string | undefined;
  /** Target that answered, `x-litellm-model-id`. */
  readonly target: string | undefined;
  readonly headers: Headers;
  /** Until the last byte. Unit: milliseconds. */
  readonly totalMs: number;
  /** Until the first content; undefined without any. Unit: milliseconds. */
  readonly firstContentMs?: number | undefined;
}

export interface Question {
  readonly model: string;
  readonly stream?: boolean;
  readonly prompt?: string;
  /** Fields on top of those of a plain request. */
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly key: string;
}

/** One chat completion. Never rejects: a connection that breaks is an incomplete answer with status 0. */
export async function ask(url: string, question: Question): Promise<Answer> {
  const { model, stream = false, prompt = "hi", key } = question;
  const startedAt = performance.now();
  const since = (): number => performance.now() - startedAt;
  let status = 0;
  let headers = new Headers();
  const seen = new StreamReader();
  let firstContentMs: number | undefined;
  let raw = "";
  let broken: string | undefined;
  try {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...question.headers },
      body: JSON.stringify({ model, stream, messages: [{ role: "user", content: prompt }], ...question.body }),
    });
    ({ status, headers } = response);
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      const text = decoder.decode(chunk, { stream: true });
      raw += text;
      if (stream) seen.take(text);
      if (seen.text !== "") firstContentMs ??= since();
    }
  } catch (error) {
    broken = String((error as Error).cause ?? error);
  }
  const base = { status, headers, target: headers.get("x-litellm-model-id") ?? undefined, totalMs: since() };
  if (stream && status === 200) {
    const { text, finishReason } = seen;
    const error = broken ?? seen.error;
    const complete = error === undefined && finishReason !== undefined && seen.isDone;
    return { ...base, text, finishReason, error, complete, firstContentMs };
  }
  return { ...base, ...wholeAnswer(raw, broken) };
}

function wholeAnswer(
  raw: string,
  broken: string | undefined,
): Pick<Answer, "text" | "complete" | "error" | "finishReason"> {
  if (broken !== undefined) return { text: "", complete: false, error: broken };
  try {
    const { choices, error } = JSON.parse(raw) as {
      choices?: { message?: { content?: string }; finish_reason?: string }[];
      error?: { message?: string } | string;
    };
    const [choice] = choices ?? [];
    if (choice === undefined)
      return { text: "", complete: false, error: typeof error === "object" ? (error.message ?? raw) : raw };
    return { text: choice.message?.content ?? "", complete: true, finishReason: choice.finish_reason };
  } catch {
    return { text: "", complete: false, error: raw };
  }
}

class StreamReader {
  text = "";
  finishReason: string | undefined;
  error: string | undefined;
  isDone = false;
  #rest = "";

  take(chunk: string): void {
    const lines = (this.#rest + chunk).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("data: ")) this.#event(line.slice("data: ".length));
  }

  #event(data: string): void {
    if (data === "[DONE]") {
      this.isDone = true;
      return;
    }
    const { choices, error } = JSON.parse(data) as {
      choices?: { delta?: { content?: string }; finish_reason?: string | null }[];
      error?: { message?: string };
    };
    if (error !== undefined) this.error = error.message ?? "error";
    const [choice] = choices ?? [];
    this.text += choice?.delta?.content ?? "";
    this.finishReason = choice?.finish_reason ?? this.finishReason;
  }
}
