/** Amazon Bedrock's names of models. The catalogue prices a model by where a call may be answered: anywhere (`global.`) or in one geography (`regional.`). */

/** The provider in the catalogue. Its models are called by a role, not with a key. */
export const BEDROCK_PROVIDER = "aws";

/** Prefix of the inference profiles of a geography, by how its regions begin. Others have profiles of single countries. */
const GEOGRAPHIES: readonly (readonly [region: RegExp, prefix: string])[] = [
  [/^us-(?!gov-)/, "us"],
  [/^eu-/, "eu"],
];
const PLACED = new RegExp(
  `^(?<place>global|regional|${GEOGRAPHIES.map(([, prefix]) => prefix).join("|")})\\.(?<model>.+)$`,
);

export interface BedrockModel {
  /** What a call names, e.g. `us.anthropic.claude-haiku-5-5`. */
  readonly id: string;
  /** The model itself; another name than `id` where that is an inference profile, which answers in one of several regions. */
  readonly foundationModel: string;
}

/** What Bedrock calls a catalogue's model in a region; undefined where it has no name there. */
export function bedrockModel(name: string, region: string): BedrockModel | undefined {
  const { place, model } = PLACED.exec(name)?.groups ?? {};
  if (model === undefined) return { id: name, foundationModel: name };
  if (place !== "regional") return { id: name, foundationModel: model };
  const geography = GEOGRAPHIES.find(([regions]) => regions.test(region));
  return geography && { id: `${geography[1]}.${model}`, foundationModel: model };
}
