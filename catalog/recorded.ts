import { shapeOf } from "../economics/capacity/anchors.ts";
import type { Catalog } from "../economics/catalog.ts";
import { type Lookup, missing } from "../economics/provenance.ts";

/** The answers a decision got from a catalogue, as plain JSON: all it takes to make the same decision elsewhere. */
export interface RecordedFacts {
  readonly apiModels: Catalog["apiModels"];
  readonly gpuClouds: Catalog["gpuClouds"];
  /** By question, e.g. `offering us-east-1 p5.48xlarge commit-1y`. */
  readonly lookups: Readonly<Record<string, Lookup<unknown>>>;
  /** By engine and shape of the model. */
  readonly anchors: Readonly<Record<string, ReturnType<Catalog["anchors"]["anchorsOf"]>>>;
}

type Lookups = Pick<Catalog, "gpu" | "model" | "instanceType" | "offering" | "service" | "apiModel">;
type Ask = (...question: readonly string[]) => Lookup<unknown>;

const LOOKUPS = ["gpu", "model", "instanceType", "offering", "service", "apiModel"] as const;

const lookups = (answer: (name: keyof Lookups, question: readonly string[]) => Lookup<unknown>): Lookups =>
  Object.fromEntries(
    LOOKUPS.map((name): [string, Ask] => [name, (...question) => answer(name, question)]),
  ) as unknown as Lookups;

/**
 * A catalogue that answers as `catalog` does and keeps what it was asked. Of the API models, `facts` keeps the hosts of
 * the given open weights.
 */
export function recording(catalog: Catalog): {
  readonly catalog: Catalog;
  readonly facts: (openWeights: readonly string[]) => RecordedFacts;
} {
  const answers: Record<string, Lookup<unknown>> = {};
  const anchors: Record<string, RecordedFacts["anchors"][string]> = {};
  const asked = lookups((name, question) => {
    const answer = (catalog[name] as unknown as Ask)(...question);
    answers[[name, ...question].join(" ")] = answer;
    return answer;
  });
  return {
    catalog: {
      ...catalog,
      ...asked,
      anchors: {
        anchorsOf: (engine, model) => {
          const found = catalog.anchors.anchorsOf(engine, model);
          anchors[`${engine} ${shapeOf(model)}`] = found;
          return found;
        },
      },
    },
    facts: (openWeights) => ({
      apiModels: catalog.apiModels.filter((api) => openWeights.includes(api.openWeights ?? "")),
      gpuClouds: catalog.gpuClouds,
      lookups: answers,
      anchors,
    }),
  };
}

/** A catalogue that knows the recorded answers and nothing else. */
export function replayed({ apiModels, gpuClouds, lookups: answers, anchors }: RecordedFacts): Catalog {
  return {
    gpus: [],
    models: [],
    instanceTypes: [],
    offerings: [],
    services: [],
    apiModels,
    gpuClouds,
    ...lookups(
      (name, question) => answers[[name, ...question].join(" ")] ?? missing(`${question.join(" ")} was not recorded`),
    ),
    anchors: { anchorsOf: (engine, model) => anchors[`${engine} ${shapeOf(model)}`] ?? { byGpu: {}, refused: [] } },
  };
}
