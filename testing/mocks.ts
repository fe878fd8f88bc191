import * as pulumi from "@pulumi/pulumi";

/** One resource as the engine would be asked for it. */
export interface RecordedResource {
  readonly type: string;
  readonly name: string;
  /** Inputs with every output resolved; `pulumi.isUnknown` tells what a preview does not know yet. */
  // biome-ignore lint/suspicious/noExplicitAny: inputs are whatever the resource type takes
  readonly inputs: Record<string, any>;
  /** Name of the component it belongs to. */
  readonly parent?: string;
  readonly ignoreChanges: readonly string[];
  readonly dependsOn: readonly string[];
  /** Names of the resources that each input is made of. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** Name of the explicit provider. */
  readonly provider?: string;
}

type Properties = Record<string, unknown>;

export interface MockOptions {
  /** A preview knows inputs only: ids and outputs of new resources are unknown. @default false */
  readonly preview?: boolean;
  /** Outputs by type token, on top of the inputs and of `OUTPUTS`. */
  readonly outputs?: Readonly<Record<string, (inputs: Properties, name: string) => Properties>>;
  /** Answers of data sources by token, on top of `ANSWERS`. */
  readonly answers?: Readonly<Record<string, (inputs: Properties) => Properties>>;
}

const OUTPUTS: NonNullable<MockOptions["outputs"]> = {
  "aws:ec2/launchTemplate:LaunchTemplate": () => ({ latestVersion: 1 }),
  "aws:eks/cluster:Cluster": (inputs, name) => ({
    endpoint: `https://${name}.eks.example`,
    certificateAuthority: { data: "Y2VydGlmaWNhdGU=" },
    vpcConfig: { ...(inputs["vpcConfig"] as Properties), clusterSecurityGroupId: "sg-cluster" },
  }),
  "aws:eks/nodeGroup:NodeGroup": (_, name) => ({ resources: [{ autoscalingGroups: [{ name: `eks-${name}` }] }] }),
  "aws:lb/loadBalancer:LoadBalancer": (_, name) => ({ dnsName: `${name}.elb.example` }),
};

const ANSWERS: NonNullable<MockOptions["answers"]> = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": ({ region }) => ({
    names: ["a", "b", "c", "d"].map((letter) => `${region}${letter}`),
  }),
  "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": ({ region }) => ({
    locations: ["a", "b", "c", "d"].map((letter) => `${region}${letter}`),
  }),
};

/** Starts recording every resource created from here on; read the list after `settled()`. */
export function recordResources({
  preview = false,
  outputs = {},
  answers = {},
}: MockOptions = {}): readonly RecordedResource[] {
  const resources: RecordedResource[] = [];
  let request: Request | undefined;
  void pulumi.runtime.setMocks(
    {
      call: ({ token, inputs }) => {
        const answer = answers[token] ?? ANSWERS[token];
        if (answer === undefined) throw new Error(`no answer for the data source ${token}; add it to the mock options`);
        return answer(inputs);
      },
      newResource: ({ type, name, inputs }) => {
        resources.push({ type, name, inputs, ...optionsOf(request) });
        if (preview) return { id: undefined, state: inputs };
        const computed = {
          arn: `arn:aws:mock:us-east-1:123456789012:${name}`,
          name,
          ...inputs,
          ...OUTPUTS[type]?.(inputs, name),
          ...outputs[type]?.(inputs, name),
        };
        return { id: `${name}-id`, state: computed };
      },
    },
    "breakeven",
    "test",
    preview,
  );
  // The mock interface hides resource options, so they are read from the request itself.
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (incoming, callback) => {
    request = incoming;
    return register(incoming, callback);
  };
  return resources;
}

/** Waits until every resource has been recorded. */
export const settled = (): Promise<void> => pulumi.runtime.disconnect();

/** All resources that `build` creates. Rejects with what `build` throws. */
export async function resourcesOf(build: () => unknown, options?: MockOptions): Promise<readonly RecordedResource[]> {
  const resources = recordResources(options);
  try {
    build();
  } finally {
    await settled();
  }
  return resources;
}

/** The value of an output; never settles for one that is unknown in a preview. */
export const resolved = <T>(output: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> =>
  new Promise((resolve) => pulumi.output(output).apply(resolve));

/** Resources of one type, by its full token or its last part, e.g. `NodeGroup`. */
export const ofType = (resources: readonly RecordedResource[], type: string): RecordedResource[] =>
  resources.filter((resource) => resource.type === type || resource.type.endsWith(`:${type}`));

/** The only resource of a type. */
export function onlyOf(resources: readonly RecordedResource[], type: string): RecordedResource {
  const [first, ...others] = ofType(resources, type);
  if (first === undefined || others.length > 0)
    throw new Error(`expected one ${type}, found ${first === undefined ? 0 : others.length + 1}`);
  return first;
}

interface Request {
  getParent(): string;
  getProvider(): string;
  getIgnorechangesList(): string[];
  getDependenciesList(): string[];
  getPropertydependenciesMap(): { entries(): Iterable<[string, { getUrnsList(): string[] }]> };
}

interface Monitor {
  registerResource(request: Request, callback: unknown): unknown;
}

const nameInUrn = (urn: string): string => urn.split("::").at(-1) ?? "";

function optionsOf(request: Request | undefined): Omit<RecordedResource, "type" | "name" | "inputs"> {
  const parent = request?.getParent() ?? "";
  const provider = request?.getProvider() ?? "";
  return {
    ...(parent === "" ? {} : { parent: nameInUrn(parent) }),
    // A provider reference is its URN followed by its id.
    ...(provider === "" ? {} : { provider: provider.split("::").at(-2) ?? "" }),
    ignoreChanges: request?.getIgnorechangesList() ?? [],
    dependsOn: (request?.getDependenciesList() ?? []).map(nameInUrn),
    propertyDependencies: Object.fromEntries(
      [...(request?.getPropertydependenciesMap().entries() ?? [])].map(([property, urns]) => [
        property,
        urns.getUrnsList().map(nameInUrn),
      ]),
    ),
  };
}
