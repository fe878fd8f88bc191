import { bedrockModel } from "../../config/bedrock.ts";
import type { Statement } from "../iam-policy.ts";
import { externalModels, type GatewayTasks } from "./routes.ts";

/** Leave to call the models of Amazon Bedrock that these tasks name, and no others; undefined where they name none. */
export function bedrockStatement(tasks: GatewayTasks, region: string): Statement | undefined {
  const models = externalModels(tasks).flatMap(({ credentials, model }) => {
    const found = credentials === "iam" ? bedrockModel(model, region) : undefined;
    return found === undefined ? [] : [found];
  });
  // A profile passes a call on to the model in whatever region answers, and both must be allowed.
  const resources = models.flatMap(({ id, foundationModel }) => [
    `arn:aws:bedrock:*::foundation-model/${foundationModel}`,
    ...(id === foundationModel ? [] : [`arn:aws:bedrock:${region}:*:inference-profile/${id}`]),
  ]);
  return resources.length === 0
    ? undefined
    : {
        Effect: "Allow",
        Action: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
        Resource: [...new Set(resources)].sort(),
      };
}
