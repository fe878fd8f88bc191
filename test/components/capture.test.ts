import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { endpointStore as given, isCapturing } from "../../components/gateway/capture.ts";
import { LlmGateway } from "../../components/llm-gateway.ts";
import { Platform } from "../../components/platform.ts";
import { gatewaySchema } from "../../config/gateway.ts";
import { type PlatformInput, platformSchema } from "../../config/platform.ts";
import { endpointStore, hybrid } from "../config/bases.ts";
import { secretValue, visible } from "./gateway/expectations.ts";
import { hybrid as plan, restricted } from "./gateway/plans.ts";
import { ofType, onlyOf, type RecordedResource, resourcesOf } from "./mocks.ts";

const outputs = {
  "random:index/randomPassword:RandomPassword": (_: object, name: string) => ({ result: `password-of-${name}` }),
  "aws:s3/bucket:Bucket": (_: object, name: string) => ({
    bucket: `${name}-1a2b3c`,
    arn: `arn:aws:s3:::${name}-1a2b3c`,
  }),
};

const withCapture: PlatformInput = {
  ...hybrid,
  models: {
    support: { ...hybrid.models?.["support"], weights: { huggingFaceId: "Qwen/Qwen3-32B" } } as never,
  },
  tasks: {
    chat: { ...hybrid.tasks.chat, capture: { share: 0.1 } } as PlatformInput["tasks"][string],
    mail: { ...hybrid.tasks.chat, selfHosted: [] } as PlatformInput["tasks"][string],
    files: {
      ...hybrid.tasks.chat,
      dataClass: "restricted",
      selfHosted: [{ model: "support", share: 0.1 }],
    } as PlatformInput["tasks"][string],
  },
};

const platformWith = (captureStore: object): Promise<readonly RecordedResource[]> =>
  resourcesOf(
    () =>
      new Platform("llm", {
        config: platformSchema.parse({ ...withCapture, gateway: { captureStore } }),
        facts: {
          pools: { h100: { gpusPerNode: 8, efaInterfaces: 0 } },
          models: { support: { weightsGiB: 61, requestsPerReplica: 40 } },
        } as never,
        apiKeys: pulumi.secret({ openai: "sk-openai" }),
        captureKey: pulumi.secret({ accessKeyId: "AKIAEXAMPLE", secretAccessKey: "s3-secret" }),
      }),
    { outputs },
  );

const gatewayPod = (resources: readonly RecordedResource[], name: string) =>
  ofType(resources, "Deployment").find((one) => one.name === `${name}-deployment`)?.inputs["spec"].template.spec;
const variables = (resources: readonly RecordedResource[], name: string): Record<string, unknown> =>
  Object.fromEntries(
    gatewayPod(resources, name).containers[0].env.map(({ name: key, value, valueFrom }: Record<string, unknown>) => [
      key,
      value ?? valueFrom,
    ]),
  );
const files = (resources: readonly RecordedResource[], name: string): string[] =>
  Object.keys(ofType(resources, "ConfigMap").find((one) => one.name === `${name}-config`)?.inputs["data"]);
const egress = (resources: readonly RecordedResource[], name: string): { to: object[] }[] =>
  ofType(resources, "NetworkPolicy").find((one) => one.name === `${name}-network-policy`)?.inputs["spec"].egress;

describe("captured answers on eks", () => {
  it("go to a bucket of their own: private, encrypted, with an end", async () => {
    const resources = await platformWith({ kind: "s3", retentionDays: 30 });
    expect(onlyOf(resources, "Bucket").inputs["tags"]).toMatchObject({ "breakeven:holds": "captured-answers" });
    expect(onlyOf(resources, "BucketPublicAccessBlock").inputs).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(onlyOf(resources, "BucketLifecycleConfiguration").inputs["rules"]).toMatchObject([
      { status: "Enabled", filter: {}, expiration: { days: 30 } },
    ]);
    expect(onlyOf(resources, "BucketOwnershipControls").inputs["rule"]).toEqual({
      objectOwnership: "BucketOwnerEnforced",
    });
    const [encryption] = onlyOf(resources, "BucketServerSideEncryptionConfiguration").inputs["rules"];
    expect(encryption.applyServerSideEncryptionByDefault.sseAlgorithm).toBe("AES256");
    expect(JSON.parse(onlyOf(resources, "BucketPolicy").inputs["policy"]).Statement).toEqual([
      expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    ]);
  });

  it("are written by the gateway's account alone, which can do nothing else", async () => {
    const resources = await platformWith({ kind: "s3" });
    const policy = ofType(resources, "RolePolicy").find(({ name }) => name === "llm-gateway");
    expect(JSON.parse(policy?.inputs["policy"]).Statement).toEqual([
      { Effect: "Allow", Action: ["s3:PutObject"], Resource: "arn:aws:s3:::llm-captured-1a2b3c/captured/*" },
    ]);
    const identity = ofType(resources, "PodIdentityAssociation").find(({ name }) => name === "llm-gateway");
    expect(identity?.inputs).toMatchObject({ namespace: "llm-prod", serviceAccount: "llm-gateway" });
    expect(variables(resources, "llm-gateway")).toMatchObject({
      CAPTURE_BUCKET: "llm-captured-1a2b3c",
      CAPTURE_PREFIX: "captured",
      CAPTURE_REGION: "us-east-1",
    });
    expect(variables(resources, "llm-gateway")).not.toHaveProperty("CAPTURE_SECRET_ACCESS_KEY");
    expect(JSON.stringify(egress(resources, "llm-gateway"))).toContain("169.254.170.23/32");
  });

  it("are nothing the gateway of restricted tasks knows of", async () => {
    const resources = await platformWith({ kind: "s3" });
    expect(files(resources, "llm-gateway")).toEqual(expect.arrayContaining(["capture.json", "gwcapture.py"]));
    expect(files(resources, "llm-restricted").filter((file) => /capture/.test(file))).toEqual([]);
    expect(Object.keys(variables(resources, "llm-restricted")).filter((key) => /CAPTURE/.test(key))).toEqual([]);
    expect(egress(resources, "llm-restricted").some(({ to }) => to.some((peer) => "ipBlock" in peer))).toBe(false);
  });
});

describe("captured answers in a store that is there", () => {
  it("need no resource but a key in a Secret and a way there", async () => {
    const resources = await platformWith(endpointStore);
    expect(ofType(resources, "Bucket")).toEqual([]);
    expect(variables(resources, "llm-gateway")).toMatchObject({
      CAPTURE_BUCKET: "answers",
      CAPTURE_ENDPOINT: "https://s3.example.internal:9000",
      CAPTURE_SECRET_ACCESS_KEY: {
        secretKeyRef: { name: "llm-gateway-environment", key: "CAPTURE_SECRET_ACCESS_KEY" },
      },
    });
    expect(egress(resources, "llm-gateway")).toContainEqual({
      to: [{ ipBlock: { cidr: "10.20.0.0/24" } }],
      ports: [{ protocol: "TCP", port: 9000 }],
    });
    const secret = ofType(resources, "Secret").find(({ name }) => name === "llm-gateway-environment");
    expect(secretValue(secret?.inputs["stringData"])).toMatchObject({ CAPTURE_ACCESS_KEY_ID: "AKIAEXAMPLE" });
    expect(visible(resources)).not.toContain("s3-secret");
  });
});

describe("LlmGateway", () => {
  const args = {
    namespace: "llm",
    gateway: gatewaySchema.parse({}),
    apiKeys: { openai: "a", anthropic: "b" },
    vllmApiKey: "c",
    service: { type: "ClusterIP" },
    idleTimeoutSeconds: 600,
  } as const;
  const capture = { share: 0.5 };

  it("refuses to capture without a store", async () => {
    const tasks = { "support-chat": { ...plan.tasks["support-chat"], capture } as never };
    await expect(
      resourcesOf(() => new LlmGateway("gateway", { ...args, tasks, models: plan.models }), { outputs }),
    ).rejects.toThrow("tasks capture answers and there is no captureStore; give one, or capture none");
  });

  it("captures nothing restricted, even of a task that says so and with a store at hand", async () => {
    const tasks = { contracts: { ...restricted.tasks["contracts"], capture } as never };
    expect(isCapturing(tasks)).toBe(false);
    const store = given({ ...endpointStore, region: "us-east-1" }, { accessKeyId: "a", secretAccessKey: "b" });
    const resources = await resourcesOf(
      () => new LlmGateway("gateway", { ...args, tasks, models: restricted.models, captureStore: store }),
      { outputs },
    );
    expect(files(resources, "gateway").filter((file) => /capture/.test(file))).toEqual([]);
    expect(Object.keys(variables(resources, "gateway")).filter((key) => /CAPTURE/.test(key))).toEqual([]);
    expect(JSON.stringify(egress(resources, "gateway"))).not.toContain("10.20.0.0");
  });
});
