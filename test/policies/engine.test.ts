import { readFileSync } from "node:fs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { afterEach, describe, expect, it } from "vitest";
import { section } from "../../sandbox/expectations.ts";
import type { Outcome } from "../../sandbox/outcome.ts";
import type { SandboxStack } from "../../sandbox/workspace.ts";
import { openWithPolicies, ownerConfig, PINNED_DAY, platformOf } from "./engine.ts";
import { stackConfig, TODAY } from "./graphs.ts";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
let stack: SandboxStack | undefined;

afterEach(() => stack?.close());

async function preview(name: string, program?: () => Promise<unknown>, policyConfig = PINNED_DAY): Promise<Outcome> {
  stack = await openWithPolicies(name, program as never, policyConfig);
  return stack.preview();
}

const blockers = ({ violations }: Outcome): readonly string[] => [
  ...new Set(violations.filter(({ enforcement }) => enforcement === "mandatory").map(({ policy }) => policy)),
];
const messages = ({ violations }: Outcome, policy: string): string =>
  violations
    .filter((violation) => violation.policy === policy)
    .map(({ message }) => message)
    .join("\n");

describe("the committed stacks on the real engine", () => {
  it.each(["dev", "prod", "onprem"])("%s passes", async (name) => {
    const outcome = await preview(name);
    expect(outcome.errors).toEqual([]);
    expect(blockers(outcome)).toEqual([]);
    expect(outcome.verdict).toBe("ok");
  });

  it("overbuilt is blocked, and the README shows the text as it is printed", async () => {
    const outcome = await preview("overbuilt");
    expect(outcome.verdict).toBe("blocked");
    expect(blockers(outcome)).toEqual(["cheaper-than-api"]);
    const policies = section(outcome.text, "Policies").replace(/\(local: .*\)/, "(local: policies)");
    await expect(policies).toMatchFileSnapshot("golden/overbuilt-preview.txt");
    const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
    expect(readme).toContain(policies.trim());
  });
});

describe("a preview", () => {
  it("blocks unknown types and counts, and resources without a price", async () => {
    const outcome = await preview("prod", async () => {
      platformOf("prod");
      const number = new random.RandomInteger("number", { min: 1, max: 9 });
      const group = {
        clusterName: "breakeven",
        nodeRoleArn: "arn:aws:iam::123456789012:role/nodes",
        subnetIds: ["subnet-0"],
      };
      const plain = { instanceTypes: ["m7i.large"], scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 1 } };
      new aws.eks.NodeGroup("count", {
        ...group,
        ...plain,
        scalingConfig: { ...plain.scalingConfig, maxSize: number.result },
      });
      new aws.eks.NodeGroup("type", {
        ...group,
        ...plain,
        instanceTypes: [pulumi.interpolate`m7i.${number.result}xlarge`],
      });
      new aws.sns.Topic("data");
    });
    expect(outcome.verdict).toBe("blocked");
    expect(blockers(outcome)).toEqual(expect.arrayContaining(["every-resource-priced", "cheaper-than-api"]));
    const text = messages(outcome, "every-resource-priced");
    expect(text).toContain(
      'eks NodeGroup "count" has no price: scalingConfig.maxSize: string value at .scalingConfig.maxSize can\'t be known',
    );
    expect(text).toContain(
      'eks NodeGroup "type" has no price: instanceTypes: string value at .instanceTypes.0 can\'t be known',
    );
    expect(text).toContain('sns Topic "data" has no price: type aws:sns/topic:Topic has no price adapter');
  });

  it("prices the stores of a gateway: captured answers, managed counters, keys from elsewhere", async () => {
    const outcome = await preview("prod", async () => {
      platformOf("prod", (raw) => {
        for (const task of Object.values(raw.tasks)) task.capture = { share: 0.2 };
        raw.gateway = {
          clients: { web: { requestsPerMinute: 600 } },
          captureStore: { kind: "s3" },
          redis: { kind: "elasticache" },
          externalSecrets: {
            store: { name: "aws" },
            apiKeys: { openai: { secret: "llm/openai" } },
            clients: { web: { key: { secret: "llm/web" } } },
          },
        };
        const price = { sku: "elasticache-valkey-t4g-small-hour", region: "us-east-1", usd: 0.03 };
        const services = [{ ...price, source: "price of this test", date: TODAY }];
        raw.economics = { ...raw.economics, priceOverrides: { services } };
      });
    });
    expect(blockers(outcome)).toEqual([]);
    expect(outcome.verdict).toBe("ok");
  });

  it("prices a node group that was added by hand", async () => {
    const outcome = await preview("prod", async () => {
      platformOf("prod");
      new aws.eks.NodeGroup("by-hand", {
        clusterName: "breakeven",
        nodeRoleArn: "arn:aws:iam::123456789012:role/nodes",
        subnetIds: ["subnet-0"],
        instanceTypes: ["p5.48xlarge"],
        capacityType: "ON_DEMAND",
        scalingConfig: { minSize: 0, desiredSize: 0, maxSize: 2 },
        diskSize: 100,
      });
    });
    expect(blockers(outcome)).toEqual(["cheaper-than-api"]);
    expect(messages(outcome, "cheaper-than-api")).toContain(
      '$80,358  2x p5.48xlarge on-demand (eks NodeGroup "by-hand")',
    );
  });

  it("prices a pool's node group under another name and another parent", async () => {
    const outcome = await preview("prod", async () => {
      const config = stackConfig("prod");
      // Stands where the platform's own component stood: the same declared plan, other resources.
      const root = new pulumi.ComponentResource("breakeven:index:Platform", "refactored", { config });
      (root as unknown as { registerOutputs: (outputs: object) => void }).registerOutputs({ config });
      new aws.eks.NodeGroup("something-else", {
        clusterName: "breakeven",
        nodeRoleArn: "arn:aws:iam::123456789012:role/nodes",
        subnetIds: ["subnet-0"],
        instanceTypes: ["p5.48xlarge"],
        capacityType: "ON_DEMAND",
        scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 1 },
        labels: { "breakeven.dev/pool": "h100" },
        tags: { "breakeven:purchase": "commit-1y" },
        diskSize: 300,
      });
    });
    const text = messages(outcome, "cheaper-than-api");
    expect(text).toContain("EKS control plane: declared 730 per month, planned 0");
    expect(text).not.toContain("pool h100");
  });

  it("blocks when a transform makes the plan differ from what is declared", async () => {
    const outcome = await preview("prod", async () => {
      pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
        type === NODE_GROUP && props["labels"]?.["breakeven.dev/pool"] === "h100"
          ? { props: { ...props, scalingConfig: { minSize: 1, desiredSize: 3, maxSize: 3 } }, opts }
          : undefined,
      );
      platformOf("prod");
    });
    expect(blockers(outcome)).toContain("cheaper-than-api");
    expect(messages(outcome, "cheaper-than-api")).toMatch(
      /The planned graph is not the declared plan:\s+pool h100: declared 1-1x p5\.48xlarge commit-1y in us-east-1, planned 1-3x/,
    );
  });

  it("obeys the platform owner's configuration rather than the stack's claims", async () => {
    const outcome = await preview("prod", undefined, ownerConfig({ minApiPriceDeclinePerYear: 0.9 }));
    expect(blockers(outcome)).toEqual(["cheaper-than-api"]);
  });

  it.each([
    [
      "an external key",
      DEPLOYMENT,
      { env: [{ name: "OPENAI_API_KEY", value: "plain" }] },
      "holds the external key OPENAI_API_KEY",
    ],
    [
      "egress to everywhere",
      NETWORK_POLICY,
      { egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }] },
      "lets it out of the cluster",
    ],
    ["no egress policy", NETWORK_POLICY, { policyTypes: ["Ingress"] }, "no NetworkPolicy limits its egress"],
  ])("blocks restricted data with %s at its gateway", async (_, kind, change, message) => {
    const outcome = await preview("onprem", async () => {
      pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
        // The namespace's own default would still hold.
        if (type !== kind || !/^breakeven-(restricted|default-deny)/.test(name)) return undefined;
        const { template } = props["spec"];
        const spec =
          template === undefined
            ? { ...props["spec"], ...change }
            : {
                ...props["spec"],
                template: {
                  ...template,
                  spec: { ...template.spec, containers: [{ ...template.spec.containers[0], ...change }] },
                },
              };
        return { props: { ...props, spec }, opts };
      });
      platformOf("onprem");
    });
    expect(blockers(outcome)).toEqual(["restricted-data-stays-home"]);
    expect(messages(outcome, "restricted-data-stays-home")).toContain(message);
  });

  it.each([
    [
      "egress to everywhere",
      { egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] } }] }] },
      'the NetworkPolicy "breakeven-vllm-case-files-network-policy" lets it reach addresses outside private networks',
    ],
    ["no egress policy", { policyTypes: ["Ingress"] }, "no NetworkPolicy limits its egress"],
  ])("blocks restricted data with %s at its model server", async (_, change, message) => {
    const outcome = await preview("onprem", async () => {
      pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) =>
        type === NETWORK_POLICY && /^breakeven-(vllm-case-files|default-deny)/.test(name)
          ? { props: { ...props, spec: { ...props["spec"], ...change } }, opts }
          : undefined,
      );
      platformOf("onprem");
    });
    expect(blockers(outcome)).toEqual(["restricted-data-stays-home"]);
    expect(messages(outcome, "restricted-data-stays-home")).toContain(message);
  });

  it("blocks a stack without a platform and says what to set", async () => {
    const outcome = await preview("prod", async () => {
      new random.RandomInteger("number", { min: 1, max: 9 });
    });
    expect(messages(outcome, "cheaper-than-api")).toContain("set breakeven:platform in Pulumi.<stack>.yaml");
  });
});

describe("an update without a preview", () => {
  it("is stopped before any child of an over-built platform exists", async () => {
    stack = await openWithPolicies("overbuilt");
    const outcome = await stack.up();
    expect(outcome.verdict).toBe("blocked");
    const types = (await stack.resources()).map(({ type }) => type);
    expect(types.filter((type) => !type.startsWith("pulumi:"))).toEqual([]);
  });

  it("of the production stack passes, and a second preview changes nothing", async () => {
    stack = await openWithPolicies("prod");
    const outcome = await stack.up();
    expect(outcome.errors).toEqual([]);
    expect(outcome.verdict).toBe("ok");
    const again = await stack.preview();
    expect(again.verdict).toBe("ok");
    expect(Object.keys(again.changes)).toEqual(["same"]);
  });
});
