/** Stands in for the random provider: values of the right form that are the same on every run. Not for real secrets. */

import { fileURLToPath } from "node:url";
import { complete, sample } from "./complete.ts";
import { type RecordingProvider, type Resource, unknownFunction, unknownType } from "./local-provider.ts";
import { SdkSchema } from "./sdk-schema.ts";
import { validate } from "./validate.ts";
import { hexDigits, type Properties, pick, UNKNOWN } from "./values.ts";

const sdk = new SdkSchema(
  fileURLToPath(new URL("../../node_modules/@pulumi/random", import.meta.url)),
  (token) => token.split(":")[1]?.split("/")[1],
);

/** The provider's own defaults, which it fills in while planning. */
const CHARACTERS = {
  lower: "abcdefghijklmnopqrstuvwxyz",
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  numeric: "0123456789",
  special: "!@#$%&*()-_=+[]{}<>:?",
};
const TEXT_DEFAULTS: Properties = {
  ...Object.fromEntries(Object.keys(CHARACTERS).map((name) => [name, true])),
  number: true,
  minLower: 0,
  minNumeric: 0,
  minSpecial: 0,
  minUpper: 0,
};

const isText = (type: string): boolean => type.endsWith(":RandomPassword") || type.endsWith(":RandomString");

export function randomProvider(): RecordingProvider {
  const outputsOf = (resource: Resource, inputs: Properties, isPreview: boolean): Properties => {
    const schema = sdk.resource(resource.type);
    if (!schema) throw new Error(unknownType("random", resource.type).reason);
    const known: Properties = {
      ...(isText(resource.type) ? TEXT_DEFAULTS : {}),
      ...(isPreview ? { id: UNKNOWN } : invented(resource, inputs)),
    };
    const outputs = complete(sdk, schema, inputs, (path, type) => {
      return known[path] ?? (isPreview ? UNKNOWN : sample(sdk, resource.name, path, type));
    });
    return { ...outputs, id: known.id ?? resource.name };
  };

  return {
    name: "random",
    sdk,

    check(resource, inputs) {
      const schema = sdk.resource(resource.type);
      if (!schema) return { inputs, failures: [unknownType("random", resource.type)] };
      return { inputs, failures: validate(sdk, schema.inputs, inputs, resource.type) };
    },

    create(resource, inputs, isPreview) {
      const outputs = outputsOf(resource, inputs, isPreview);
      return { id: isPreview ? "" : String(outputs.id), outputs };
    },

    update: (resource, inputs, olds, isPreview) => (isPreview ? olds : outputsOf(resource, inputs, false)),

    // A random value never changes in place.
    replacedBy: (changed) => changed,

    invoke(token) {
      throw unknownFunction(token, []);
    },
  };
}

function invented(resource: Resource, inputs: Properties): Properties {
  const seed = `${resource.urn}${JSON.stringify(inputs)}`;
  const kind = resource.type.slice(resource.type.lastIndexOf(":") + 1);
  switch (kind) {
    case "RandomPassword":
      return { result: text(seed, inputs), id: "none", bcryptHash: `$2a$10$${hexDigits(seed, 53)}` };
    case "RandomString":
      return { result: text(seed, inputs), id: text(seed, inputs) };
    case "RandomId":
      return randomId(seed, inputs);
    case "RandomInteger": {
      const [min, max] = [Number(inputs.min), Number(inputs.max)];
      const result = min + pick(seed, max - min + 1);
      return { result, id: String(result) };
    }
    case "RandomPet": {
      const prefix = inputs.prefix === undefined ? "" : `${inputs.prefix}${inputs.separator ?? "-"}`;
      return { id: `${prefix}steady${inputs.separator ?? "-"}${hexDigits(seed, 6)}`, separator: "-", length: 2 };
    }
    case "RandomUuid": {
      const digits = hexDigits(seed, 32);
      const result = digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
      return { result, id: result };
    }
    default:
      return {};
  }
}

function text(seed: string, inputs: Properties): string {
  const enabled = Object.entries(CHARACTERS).filter(([name]) => inputs[name] !== false);
  const characters = enabled
    .map(([name, all]) => (name === "special" && inputs.overrideSpecial ? String(inputs.overrideSpecial) : all))
    .join("");
  return Array.from({ length: Number(inputs.length) }, (_, index) => {
    return characters[pick(`${index}:${seed}`, characters.length)];
  }).join("");
}

function randomId(seed: string, inputs: Properties): Properties {
  const hex = hexDigits(seed, Number(inputs.byteLength) * 2);
  const bytes = Buffer.from(hex, "hex");
  const prefix = String(inputs.prefix ?? "");
  return {
    hex: `${prefix}${hex}`,
    dec: `${prefix}${BigInt(`0x${hex}`)}`,
    b64Std: `${prefix}${bytes.toString("base64")}`,
    b64Url: `${prefix}${bytes.toString("base64url")}`,
    id: bytes.toString("base64url"),
  };
}
