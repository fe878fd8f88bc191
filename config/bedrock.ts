/** Amazon Bedrock's names of models. The catalogue prices a model by where a call may be answered: anywhere (`global.`) or in one geography (`regional.`). */

/** Prefix of the inference profiles of a geography, by how its regions begin. Others have profiles of single countries. */
const GEOGRAPHIES: readonly (readonly [region: RegExp, prefix: string])[] = [
  [/^us-(?!gov-)/, "us"],
  [/^eu-/, "eu"],
];
const IN_GEOGRAPHY = "regional.";

/** What Bedrock calls a catalogue's model in a region, e.g. `us.anthropic.claude-haiku-5-5`; undefined where it has no name there. */
export function bedrockModelId(model: string, region: string): string | undefined {
  if (!model.startsWith(IN_GEOGRAPHY)) return model;
  const geography = GEOGRAPHIES.find(([regions]) => regions.test(region));
  return geography && `${geography[1]}.${model.slice(IN_GEOGRAPHY.length)}`;
}
