import { describe, expect, it } from "vitest";
import { bedrockStatement } from "../../../components/gateway/bedrock.ts";
import { gatewayConfig } from "../../../components/gateway/config.ts";
import { Platform } from "../../../components/platform.ts";
import { type PlatformInput, platformSchema } from "../../../config/platform.ts";
import { hybrid } from "../../config/bases.ts";
import { ofType, resourcesOf } from "../mocks.ts";
import { apiOnly } from "./plans.ts";

const chat = hybrid.tasks["chat"] as PlatformInput["tasks"][string];
const answeredBy = (apiModel: string, secondApiModel?: string) => ({
  chat: { ...chat, selfHosted: [], apiModel, secondApiModel },
});
const tasksOf = (...models: [string, string?]) =>
  platformSchema.parse({ ...hybrid, tasks: answeredBy(...models) }).tasks;

describe("leave to call models of Amazon Bedrock", () => {
  it("is for the models the tasks name, in whatever region a profile has them answer", () => {
    const tasks = tasksOf("aws/regional.anthropic.claude-haiku-5-5", "aws/meta.llama3-1-70b-instruct-v1:0");
    expect(bedrockStatement(tasks, "eu-west-1")).toEqual({
      Effect: "Allow",
      Action: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
      Resource: [
        "arn:aws:bedrock:*::foundation-model/anthropic.claude-haiku-5-5",
        "arn:aws:bedrock:*::foundation-model/meta.llama3-1-70b-instruct-v1:0",
        "arn:aws:bedrock:eu-west-1:*:inference-profile/eu.anthropic.claude-haiku-5-5",
      ],
    });
    expect(bedrockStatement(tasksOf("aws/global.anthropic.claude-haiku-5-5"), "us-east-1")?.Resource).toEqual([
      "arn:aws:bedrock:*::foundation-model/anthropic.claude-haiku-5-5",
      "arn:aws:bedrock:us-east-1:*:inference-profile/global.anthropic.claude-haiku-5-5",
    ]);
  });

  it("is none where they name none", () => {
    expect(bedrockStatement(tasksOf("openai/gpt-6.1-terra"), "us-east-1")).toBeUndefined();
  });

  it("comes with the role of the gateway's own account", async () => {
    const config = platformSchema.parse({
      ...hybrid,
      pools: {},
      models: {},
      tasks: answeredBy("aws/amazon.nova-micro-v1:0"),
    });
    const resources = await resourcesOf(
      () => new Platform("llm", { config, facts: { pools: {}, models: {} } as never, apiKeys: {} }),
      { outputs: { "random:index/randomPassword:RandomPassword": (_: object, name: string) => ({ result: name }) } },
    );
    const identity = ofType(resources, "PodIdentityAssociation").find(({ name }) => name === "llm-gateway");
    expect(identity?.inputs).toMatchObject({ namespace: "llm-prod", serviceAccount: "llm-gateway" });
    const policy = ofType(resources, "RolePolicy").find(({ name }) => name === "llm-gateway");
    expect(JSON.parse(policy?.inputs["policy"]).Statement).toEqual([bedrockStatement(config.tasks, "us-east-1")]);
  });
});

describe("a model of AWS that is priced by geography", () => {
  const called = (region: string | undefined) =>
    gatewayConfig({
      ...apiOnly,
      tasks: tasksOf("aws/regional.anthropic.claude-haiku-5-5"),
      awsRegion: region,
    });

  it.each([
    ["us-east-2", "bedrock/us.anthropic.claude-haiku-5-5"],
    ["eu-north-1", "bedrock/eu.anthropic.claude-haiku-5-5"],
  ])("is called by its name in %s", (region, model) => {
    expect(JSON.stringify(called(region))).toContain(JSON.stringify(model));
  });
});
