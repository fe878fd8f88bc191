// node --test stack.test.ts
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PlatformInput } from "breakeven";
import { ofType, policyViolations, recordPlatform } from "breakeven/testing";

const chat: PlatformInput = {
  environment: "prod",
  cluster: { kind: "eks", region: "us-east-1" },
  pools: { h100: { hardware: { kind: "instance", instanceType: "p5.48xlarge" }, maxNodes: 1 } },
  models: { qwen: { catalogModel: "Qwen3-32B", pool: "h100", replicas: { min: 4, max: 4 } } },
  tasks: {
    chat: {
      requestsPerDay: 1000,
      inputTokensPerRequest: 1000,
      outputTokensPerRequest: 200,
      apiModel: "openai/gpt-6.1-terra",
      selfHosted: [{ model: "qwen", share: 1 }],
    },
  },
  operations: { engineerUsdPerHour: 95 },
};

test("runs models on GPU nodes only", async () => {
  const { resources } = await recordPlatform(chat);
  const [model] = ofType(resources, "Deployment").filter(({ parent }) => parent === "breakeven-vllm-qwen");
  assert.deepEqual(model?.inputs["spec"].template.spec.nodeSelector, { "breakeven.dev/pool": "h100" });
});

test("is not worth a GPU at a thousand requests a day", async () => {
  const { resources } = await recordPlatform(chat);
  const violations = await policyViolations(resources, { today: "2026-11-21" });
  const mandatory = violations.filter(({ enforcement }) => enforcement === "mandatory");
  assert.ok(mandatory.some(({ policy }) => policy === "cheaper-than-api"));
});
