/** Fills in what a provider computes: unknown in a preview, a plausible invention after an update. */

import { isComputed, type ResourceSchema, type SdkSchema } from "./sdk-schema.ts";
import { allowsUndefined, optionsOf, type TypeExpression } from "./type-text.ts";
import { isMarked, isObject, isUnknown, type Properties, type Value } from "./values.ts";

/** Gives the value of a computed property; `path` is `vpcConfig.vpcId`. */
export type Invention = (path: string, type: TypeExpression) => Value;

/** The outputs that belong to `inputs`: the inputs, plus `invent(…)` for everything computed that they leave out. */
export function complete(sdk: SdkSchema, schema: ResourceSchema, inputs: Properties, invent: Invention): Properties {
  const outputs: Properties = {};
  for (const [name, value] of Object.entries(inputs)) {
    const type = schema.outputs.get(name)?.type;
    outputs[name] = type ? completeValue(value, type, name) : value;
  }
  for (const [name, member] of schema.outputs) {
    const isAbsent = outputs[name] === undefined || outputs[name] === null;
    if (isAbsent && isComputed(schema, name)) outputs[name] = invent(name, member.type);
  }
  return outputs;

  function completeValue(value: Value, type: TypeExpression, path: string): Value {
    if (isUnknown(value) || isMarked(value)) return value;
    const options = optionsOf(type);
    const array = options.find((option) => option.kind === "array");
    if (Array.isArray(value)) {
      return array ? value.map((item, index) => completeValue(item, array.item, `${path}[${index}]`)) : value;
    }
    const reference = options.find((option) => option.kind === "reference");
    const members = reference && sdk.members(reference);
    if (!isObject(value) || !members) return value;
    const completed: Properties = {};
    for (const [name, item] of Object.entries(value)) {
      const member = members.get(name);
      completed[name] = member ? completeValue(item, member.type, `${path}.${name}`) : item;
    }
    for (const [name, member] of members) {
      const isNeeded = !member.isOptional && !allowsUndefined(member.type);
      if (isNeeded && completed[name] === undefined) completed[name] = invent(`${path}.${name}`, member.type);
    }
    return completed;
  }
}

/**
 * A value of the right shape: text that says where it comes from at the top, and the empty values inside blocks that
 * providers report for what was never set.
 */
export function sample(sdk: SdkSchema, name: string, path: string, type: TypeExpression): Value {
  const isNested = /[.[]/.test(path);
  const option = optionsOf(type)[0] ?? { kind: "any" };
  switch (option.kind) {
    case "number":
      return isNested ? 0 : 1;
    case "boolean":
      return false;
    case "literal":
      return option.value;
    case "array":
      return [];
    case "map":
      return {};
    case "reference": {
      const isDeep = path.split(".").length > 4;
      const members = [...((!isDeep && sdk.members(option)) || [])].filter(([, member]) => !member.isOptional);
      return Object.fromEntries(
        members.map(([key, member]) => [key, sample(sdk, name, `${path}.${key}`, member.type)]),
      );
    }
    default:
      return isNested ? "" : `${name}-${path}`;
  }
}
