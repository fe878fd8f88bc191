import { bedrockModelId } from "../../config/bedrock.ts";
import type { Statement } from "../pod-role.ts";
import { externalModels, type GatewayTasks } from "./routes.ts";

const IAM_PROVIDER = "aws";
/** Of an inference profile: the model without the part that says where it answers. */
const PROFILE = /^(global|us|eu)\.(?<model>.+)$/;

/** Leave to call the models of Amazon Bedrock that these tasks name, and no others; undefined where they name none. */
export function bedrockStatement(tasks: GatewayTasks, region: string): Statement | undefined {
  const models = externalModels(tasks).flatMap(({ provider, name }) => {
    const model = provider === IAM_PROVIDER ? bedrockModelId(name.slice(IAM_PROVIDER.length + 1), region) : undefined;
    return model === undefined ? [] : [model];
  });
  // A profile passes a call on to the model in whatever region answers, and both must be allowed.
  const resources = models.flatMap((id) => {
    const model = PROFILE.exec(id)?.groups?.["model"];
    return [
      `arn:aws:bedrock:*::foundation-model/${model ?? id}`,
      ...(model === undefined ? [] : [`arn:aws:bedrock:${region}:*:inference-profile/${id}`]),
    ];
  });
  return resources.length === 0
    ? undefined
    : {
        Effect: "Allow",
        Action: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
        Resource: [...new Set(resources)].sort(),
      };
}
