import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { PlannedResource } from "../../policies/read.ts";
import { restrictedDataStaysHome } from "../../policies/restricted-data-stays-home.ts";
import { platform, prodGraph, resource, stackConfig, stackViolations } from "./graphs.ts";

describe("restricted-data-stays-home", () => {
  const onprem = platform(stackConfig("onprem"));
  const home = {
    model_name: "case-summaries",
    litellm_params: { model: "hosted_vllm/x", api_base: "http://vllm.llm.svc.cluster.local:8000/v1" },
    model_info: { external: false },
  };
  const away = {
    model_name: "other",
    litellm_params: { model: "openai/gpt", api_base: "https://api.openai.com/v1" },
    model_info: { external: true },
  };
  const pod = (env: readonly { name: string }[], secrets: readonly string[] = ["gateway-client-keys"]) => ({
    metadata: { labels: { app: "gateway" } },
    spec: {
      volumes: [{ configMap: { name: "gateway" } }, ...secrets.map((secretName) => ({ secret: { secretName } }))],
      containers: [{ env }],
    },
  });
  const gateway = (
    routes: readonly object[],
    env: readonly { name: string }[] = [],
    egress: readonly object[] = [{ to: [{ podSelector: {} }] }],
    secrets?: readonly string[],
  ): readonly PlannedResource[] => [
    onprem,
    resource("kubernetes:core/v1:ConfigMap", "config", {
      metadata: { name: "gateway" },
      data: { "config.yaml": stringify({ model_list: routes }) },
    }),
    resource("kubernetes:apps/v1:Deployment", "gateway", { spec: { template: pod(env, secrets) } }),
    resource("kubernetes:networking.k8s.io/v1:NetworkPolicy", "egress", {
      spec: { podSelector: { matchLabels: { app: "gateway" } }, policyTypes: ["Egress"], egress },
    }),
  ];
  const llm = { namespace: "llm" };
  const labelled = (name: string) => ({ matchLabels: { app: name } });
  const service = (spec: object = { selector: { app: "vllm" } }) =>
    resource("kubernetes:core/v1:Service", "vllm", { metadata: { ...llm, name: "vllm" }, spec });
  const workload = (name: string, spec: object = {}) =>
    resource("kubernetes:apps/v1:Deployment", name, {
      metadata: llm,
      spec: { template: { metadata: { labels: { app: name } }, spec } },
    });
  const limits = (name: string, egress: readonly object[] = [], podSelector: object = labelled(name)) =>
    resource("kubernetes:networking.k8s.io/v1:NetworkPolicy", `${name}-policy`, {
      metadata: llm,
      spec: { podSelector, policyTypes: ["Ingress", "Egress"], egress },
    });
  const to = (cidr: string) => [{ to: [{ ipBlock: { cidr } }] }];
  const servers = [service(), workload("vllm"), limits("vllm", to("10.0.0.0/16"))];
  const graph = (...parts: Parameters<typeof gateway>): readonly PlannedResource[] => [
    ...gateway(...parts),
    ...servers,
  ];
  const behind = (...parts: readonly PlannedResource[]): readonly PlannedResource[] => [...gateway([home]), ...parts];

  it("accepts a gateway that only knows the cluster, and models that reach private networks alone", async () => {
    expect(await stackViolations(restrictedDataStaysHome, graph([home]))).toEqual([]);
  });

  it.each(["172.31.0.0/16", "192.168.7.1/32", "100.64.0.0/10", "169.254.170.23/32"])(
    "accepts a model server that reaches %s",
    async (cidr) => {
      const resources = behind(service(), workload("vllm"), limits("vllm", to(cidr)));
      expect(await stackViolations(restrictedDataStaysHome, resources)).toEqual([]);
    },
  );

  const out =
    /model server "vllm" answers the restricted task case-summaries and the NetworkPolicy "vllm-policy" lets it/;
  const unlimited =
    /model server "vllm" answers the restricted task case-summaries and no NetworkPolicy limits its egr/;
  const nobody = /no workload of the plan is behind http:\/\/vllm\.llm\.svc/;
  const router = [service({ selector: { app: "router" } }), workload("router"), workload("vllm")];
  const group = resource("kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet", "vllm", {
    metadata: llm,
    spec: {
      leaderWorkerTemplate: {
        leaderTemplate: { metadata: { labels: { app: "vllm" } }, spec: {} },
        workerTemplate: { metadata: { labels: { app: "worker" } }, spec: {} },
      },
    },
  });
  it.each<readonly [string, readonly PlannedResource[], RegExp]>([
    ["that reaches everything", behind(service(), workload("vllm"), limits("vllm", [{}])), out],
    ...[
      "0.0.0.0/0",
      "10.0.0.0/7",
      "8.8.8.8/32",
      "169.254.0.0/16",
      "169.254.169.254/32",
      "2001:db8::/32",
      "10.0.0.0",
    ].map(
      (cidr) => [`that reaches ${cidr}`, behind(service(), workload("vllm"), limits("vllm", to(cidr))), out] as const,
    ),
    ["that no policy selects", behind(service(), workload("vllm"), limits("other")), unlimited],
    [
      "that a policy of another namespace would select",
      behind(
        service(),
        workload("vllm"),
        resource("kubernetes:networking.k8s.io/v1:NetworkPolicy", "elsewhere", {
          metadata: { namespace: "default" },
          spec: { podSelector: {}, policyTypes: ["Egress"] },
        }),
      ),
      unlimited,
    ],
    [
      "that an expression may or may not select",
      behind(
        service(),
        workload("vllm"),
        limits("vllm", [], { matchExpressions: [{ key: "app", operator: "Like", values: ["vllm"] }] }),
      ),
      unlimited,
    ],
    [
      "on the host's network",
      behind(service(), workload("vllm", { hostNetwork: true }), limits("vllm")),
      /model server "vllm" .* runs on the host's network/,
    ],
    [
      "behind a router",
      behind(
        ...router,
        limits("router", [{ to: [{ podSelector: labelled("vllm") }] }]),
        limits("vllm", to("0.0.0.0/0")),
      ),
      out,
    ],
    [
      "of which nothing limits the workers",
      behind(service(), group, limits("vllm", [{ to: [{ podSelector: labelled("worker") }] }])),
      unlimited,
    ],
    ["without a service", behind(workload("vllm"), limits("vllm")), nobody],
    ["whose service has no selector", behind(service({}), workload("vllm"), limits("vllm")), nobody],
    ["that is somewhere else", behind(service({ selector: { app: "x" } }), workload("vllm"), limits("vllm")), nobody],
    [
      "that stands for a name outside",
      behind(service({ type: "ExternalName", externalName: "example.org" })),
      /service "vllm" may stand for a name outside the cluster/,
    ],
  ])("blocks a model server %s", async (_, resources, message) => {
    expect((await stackViolations(restrictedDataStaysHome, resources)).join("\n")).toMatch(message);
  });

  it.each([
    ["a route beside it", graph([home, away]), /routes other to https:\/\/api\.openai\.com/],
    [
      "a route that hides",
      graph([{ ...home, litellm_params: { model: "x", api_base: "https://example.org/svc.cluster.local" } }]),
      /routes case-summaries to https:\/\/example\.org/,
    ],
    [
      "a route without an address",
      graph([
        { model_name: "case-summaries", litellm_params: { model: "openai/gpt" }, model_info: { external: false } },
      ]),
      /routes case-summaries to openai\/gpt/,
    ],
    ["a key", graph([home], [{ name: "COMMERCIAL_KEY_OPENAI" }]), /holds the external key COMMERCIAL_KEY_OPENAI/],
    [
      "keys of providers in a mounted secret",
      graph([home], [], undefined, ["gateway-client-keys", "gateway-provider-keys"]),
      /mounts the secret gateway-provider-keys/,
    ],
    [
      "a store for answers",
      graph([home], [{ name: "CAPTURE_BUCKET" }]),
      /serves the restricted task case-summaries and keeps answers in a store outside the cluster/,
    ],
    [
      "egress to everywhere",
      graph([home], [], [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }]),
      /lets it out of the cluster/,
    ],
    ["egress without a target", graph([home], [], [{}]), /lets it out of the cluster/],
    ["no egress policy", gateway([home]).slice(0, 3), /no NetworkPolicy limits its egress/],
    ["no gateway at all", [onprem], /no gateway in the plan serves the restricted task case-summaries/],
  ])("blocks %s", async (_, resources, message) => {
    expect((await stackViolations(restrictedDataStaysHome, resources)).join("\n")).toMatch(message);
  });

  it("asks nothing of stacks without restricted tasks", async () => {
    expect(await stackViolations(restrictedDataStaysHome, prodGraph())).toEqual([]);
  });
});
