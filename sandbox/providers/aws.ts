/** Stands in for the AWS provider: types and inputs are those of the pinned SDK, outputs are invented, nothing is called. */

import { fileURLToPath } from "node:url";
import { awsFunctions } from "./aws-functions.ts";
import { awsId, awsOutputs } from "./aws-outputs.ts";
import { complete, type Invention, sample } from "./complete.ts";
import { type RecordingProvider, type Resource, unknownFunction, unknownType } from "./local-provider.ts";
import { isComputed, SdkSchema } from "./sdk-schema.ts";
import { validate } from "./validate.ts";
import { hexDigits, type Properties, UNKNOWN, type Value } from "./values.ts";

const sdk = new SdkSchema(
  fileURLToPath(new URL("../../node_modules/@pulumi/aws", import.meta.url)),
  (token) => token.split(":")[1],
);

export function awsProvider(): RecordingProvider {
  let region = "";

  const outputsOf = (resource: Resource, inputs: Properties, isPreview: boolean, olds: Properties = {}): Properties => {
    const schema = sdk.resource(resource.type);
    if (!schema) throw new Error(unknownType("aws", resource.type).reason);
    // The real provider settles these two while planning.
    const planned: Properties = { region, tagsAll: inputs.tags ?? {} };
    const known: Properties = { ...olds, ...(isPreview ? planned : awsOutputs(resource, inputs, region)) };
    const invent: Invention = (path, type) => {
      const value = known[path] ?? at(known, path);
      if (value !== undefined) return value;
      return isPreview ? UNKNOWN : sample(sdk, String(inputs.name ?? resource.name), path, type);
    };
    const id = isPreview ? (olds.id ?? UNKNOWN) : awsId(resource, inputs);
    return { ...complete(sdk, schema, inputs, invent), id };
  };

  return {
    name: "aws",
    sdk,

    configure(config) {
      region = config.get("region") ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? "";
      if (region === "") {
        throw new Error(
          "the AWS region is not set; put `aws:region: us-east-1` into the stack's file, " +
            "pass `region` to `new aws.Provider`, or export AWS_REGION",
        );
      }
    },

    check(resource, inputs) {
      const schema = sdk.resource(resource.type);
      if (!schema) return { inputs, failures: [unknownType("aws", resource.type)] };
      const failures = validate(sdk, schema.inputs, inputs, resource.type);
      const isNamed = inputs.name !== undefined || inputs.namePrefix !== undefined;
      if (isNamed || !schema.inputs.get("name")?.isOptional || !isComputed(schema, "name")) return { inputs, failures };
      return { inputs: { ...inputs, name: `${resource.name}-${hexDigits(resource.urn, 7)}` }, failures };
    },

    create: (resource, inputs, isPreview) => ({
      id: isPreview ? "" : awsId(resource, inputs),
      outputs: outputsOf(resource, inputs, isPreview),
    }),

    update: (resource, inputs, olds, isPreview) => outputsOf(resource, inputs, isPreview, isPreview ? olds : {}),

    // The SDK does not say which AWS properties force a replacement; names always do.
    replacedBy: (changed) => changed.filter((name) => name === "name" || name === "namePrefix"),

    invoke(token, args) {
      const answer = awsFunctions[token];
      if (!answer) throw unknownFunction(token, Object.keys(awsFunctions));
      return answer(args, region);
    },
  };
}

/** `at({a: {b: 1}}, "a.b")` is 1. */
function at(value: Properties, path: string): Value | undefined {
  let current: unknown = value;
  for (const key of path.split(/[.[\]]+/).filter(Boolean)) {
    current = (current as Record<string, unknown> | undefined | null)?.[key];
  }
  return current as Value | undefined;
}
