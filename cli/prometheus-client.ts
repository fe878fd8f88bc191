import { z } from "zod";

/** A Prometheus that does not answer, or not with data. */
export class PrometheusError extends Error {}

/** One series of a range query: its labels and its values by Unix seconds. */
export interface RangeSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: ReadonlyMap<number, number>;
}

const TIMEOUT_MS = 120_000;
/** Prometheus answers with at most 11,000 points a series. */
const MAX_POINTS = 10_000;

const answer = z.object({
  status: z.literal("success"),
  data: z.object({
    resultType: z.literal("matrix"),
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), values: z.array(z.tuple([z.number(), z.string()])) }),
    ),
  }),
});

/** Address, user and password of a Prometheus-compatible API; `user:password@` of the address is sent as basic authentication. */
export class PrometheusClient {
  readonly #base: string;
  readonly #headers: Record<string, string>;

  constructor(address: string, token?: string) {
    if (!/^https?:\/\//.test(address) || !URL.canParse(address))
      throw new PrometheusError(`"${address}" is no address; expected http://host:9090 or https://…`);
    const url = new URL(address);
    const login =
      url.username === "" ? undefined : `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    url.username = "";
    url.password = "";
    this.#base = url.href.replace(/\/$/, "");
    this.#headers = {
      "content-type": "application/x-www-form-urlencoded",
      ...(login === undefined ? {} : { authorization: `Basic ${Buffer.from(login).toString("base64")}` }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
  }

  /** The address without credentials. */
  get address(): string {
    return this.#base;
  }

  /** All series of a query from `start` to `end` (Unix seconds, both included). Throws PrometheusError. */
  async range(query: string, start: number, end: number, stepSeconds: number): Promise<readonly RangeSeries[]> {
    if ((end - start) / stepSeconds > MAX_POINTS)
      throw new PrometheusError(
        `${Math.round((end - start) / stepSeconds)} points are more than Prometheus answers with; ask for fewer days`,
      );
    const body = new URLSearchParams({ query, start: String(start), end: String(end), step: String(stepSeconds) });
    const parsed = answer.safeParse(await this.#post("/api/v1/query_range", body));
    if (!parsed.success) throw new PrometheusError(`${this.#base} answered with something that is no range of samples`);
    return parsed.data.data.result.map(({ metric, values }) => ({
      labels: metric,
      values: new Map(values.map(([time, value]) => [time, Number(value)])),
    }));
  }

  async #post(path: string, body: URLSearchParams): Promise<unknown> {
    let response: Response;
    try {
      response = await fetch(`${this.#base}${path}`, {
        method: "POST",
        headers: this.#headers,
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (error) {
      const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
      const why = cause?.code ?? cause?.message ?? message;
      throw new PrometheusError(
        `Prometheus at ${this.#base} cannot be reached (${why}); inside a cluster: kubectl -n monitoring port-forward svc/kube-prometheus-stack-prometheus 9090`,
      );
    }
    const text = await response.text();
    if (!response.ok) {
      const hint =
        response.status === 401 || response.status === 403 ? "; give a login in the address or PROMETHEUS_TOKEN" : "";
      throw new PrometheusError(
        `Prometheus at ${this.#base} answered ${response.status}: ${text.slice(0, 200)}${hint}`,
      );
    }
    try {
      return JSON.parse(text);
    } catch {
      throw new PrometheusError(`${this.#base} answers with something that is not JSON; is it a Prometheus?`);
    }
  }
}
