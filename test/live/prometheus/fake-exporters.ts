/**
 * FAKE exporters: stand in for vLLM on GPUs, NVIDIA's DCGM exporter and kube-state-metrics, in the format and with the
 * names of the real ones. Counters grow by the second.
 */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export class FakeExporters {
  readonly #servers: Server[] = [];
  readonly #startedAt = Date.now();
  readonly #model: string;
  readonly #platform: string;

  constructor(model: string, platform: string) {
    this.#model = model;
    this.#platform = platform;
  }

  /** Ports by what they stand in for. */
  async start(): Promise<Readonly<Record<"vllm" | "dcgm" | "kube", number>>> {
    const [vllm, dcgm, kube] = await Promise.all([
      this.#serve(() => this.#vllm()),
      this.#serve(() => this.#dcgm()),
      this.#serve(() => this.#kube()),
    ]);
    return { vllm, dcgm, kube } as Readonly<Record<"vllm" | "dcgm" | "kube", number>>;
  }

  end(): void {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
  }

  async #serve(text: () => string): Promise<number> {
    const server = createServer((_, response) => {
      response.setHeader("content-type", "text/plain; version=0.0.4");
      response.end(text());
    });
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  }

  #vllm(): string {
    const seconds = (Date.now() - this.#startedAt) / 1000;
    const labels = `model_name="${this.#model}",engine="0"`;
    const gauges = { num_requests_running: 3, num_requests_waiting: 1, kv_cache_usage_perc: 0.4 };
    const counters = {
      generation_tokens_total: 100,
      prompt_tokens_total: 900,
      num_preemptions_total: 0.01,
      prefix_cache_hits_total: 300,
      prefix_cache_queries_total: 900,
    };
    const histogram = (name: string, slow: number): readonly string[] => {
      const bucket = (le: string, share: number): string =>
        `vllm:${name}_bucket{${labels},le="${le}"} ${10 * seconds * share}`;
      return [bucket("0.01", 1 - slow), bucket("10", 1 - slow), bucket("20", 1), bucket("+Inf", 1)];
    };
    return `${[
      ...Object.entries(gauges).map(([name, value]) => `vllm:${name}{${labels}} ${value}`),
      ...Object.entries(counters).map(([name, perSecond]) => `vllm:${name}{${labels}} ${perSecond * seconds}`),
      ...histogram("time_to_first_token_seconds", SLOW_SHARE),
      ...histogram("inter_token_latency_seconds", SLOW_SHARE),
    ].join("\n")}\n`;
  }

  #dcgm(): string {
    const labels = `gpu="0",Hostname="node-1",namespace="${this.#platform}",pod="vllm-0"`;
    const gauges = {
      DCGM_FI_DEV_GPU_UTIL: 70,
      DCGM_FI_DEV_FB_USED: 60_000,
      DCGM_FI_DEV_GPU_TEMP: 61,
      DCGM_FI_DEV_POWER_USAGE: 500,
      DCGM_FI_DEV_XID_ERRORS: 0,
      DCGM_FI_DEV_ROW_REMAP_FAILURE: 0,
    };
    return `${Object.entries(gauges)
      .map(([name, value]) => `${name}{${labels}} ${value}`)
      .join("\n")}\n`;
  }

  #kube(): string {
    return [
      'kube_node_info{node="node-1"} 1',
      'kube_node_labels{node="node-1",label_breakeven_dev_pool="h100"} 1',
      "",
    ].join("\n");
  }
}

/** Part of the fake's latencies that is above every target. */
export const SLOW_SHARE = 0.25;
