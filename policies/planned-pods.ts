import type { PlannedResource } from "./read.ts";
import { type Reading, read } from "./read.ts";

/** Kinds whose pods come from `spec.template`. */
const WORKLOAD = /^kubernetes:(apps\/v1:(Deployment|StatefulSet|DaemonSet|ReplicaSet)|batch\/v1:Job)$/;
/** A replica of it spans several pods, of two kinds. */
const GROUP = /^kubernetes:leaderworkerset\.x-k8s\.io\/.*:LeaderWorkerSet$/;
const NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

export type Report = (message: string, urn?: string) => void;
type Labels = Readonly<Record<string, string>>;

/** What matters of a pod; a part that cannot be read in the preview makes its whole workload unreadable. */
export interface Pod {
  /** The workload it comes from. */
  readonly name: string;
  readonly urn: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly configMaps: readonly string[];
  /** Secrets it mounts. */
  readonly secrets: readonly string[];
  readonly variables: readonly string[];
  readonly takesWholeSecrets: boolean;
  readonly hostNetwork: boolean;
}

interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}
interface Peer {
  readonly ipBlock?: { readonly cidr: string };
  readonly podSelector?: Selector;
  readonly namespaceSelector?: object;
}
export interface EgressPolicy {
  readonly name: string;
  readonly namespace: string;
  readonly podSelector: Selector;
  readonly egress: readonly { readonly to?: readonly Peer[] }[];
}

interface Volume {
  readonly configMap?: { readonly name?: string };
  readonly secret?: { readonly secretName?: string };
  readonly projected?: {
    readonly sources?: readonly {
      readonly configMap?: { readonly name?: string };
      readonly secret?: { readonly name?: string };
    }[];
  };
}
interface Container {
  readonly env?: readonly { readonly name: string }[];
  readonly envFrom?: readonly unknown[];
}

/** Reads only the parts that matter: annotations and values of a first preview are unknown, names are not. */
function podOf({ name, urn, props }: PlannedResource, template: PlannedResource["props"]): Pod {
  const spec = template?.["spec"] ?? {};
  const volumes = (spec.volumes ?? []) as readonly Volume[];
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])] as readonly Container[];
  const sources = volumes.flatMap(({ configMap, projected }) => [
    configMap?.name,
    ...(projected?.sources ?? []).map((source) => source.configMap?.name),
  ]);
  const secrets = volumes.flatMap(({ secret, projected }) => [
    secret?.secretName,
    ...(projected?.sources ?? []).map((source) => source.secret?.name),
  ]);
  return {
    name,
    urn,
    namespace: props["metadata"]?.namespace ?? "",
    labels: template?.["metadata"]?.labels ?? {},
    configMaps: sources.filter((source): source is string => source !== undefined),
    secrets: secrets.filter((source): source is string => source !== undefined),
    variables: containers.flatMap(({ env }) => (env ?? []).map((variable) => variable.name)),
    takesWholeSecrets: containers.some(({ envFrom }) => (envFrom ?? []).length > 0),
    hostNetwork: spec.hostNetwork === true,
  };
}

function podsOf(resource: PlannedResource): Reading<readonly Pod[]> {
  return read(() => {
    const spec = resource.props["spec"];
    const group = spec?.leaderWorkerTemplate;
    const templates = GROUP.test(resource.type)
      ? [group?.leaderTemplate, group?.workerTemplate].filter((template) => template !== undefined)
      : [spec?.template];
    return templates.map((template) => podOf(resource, template));
  });
}

/** Pods of all workloads. One that cannot be read is reported: nobody can say what it serves. */
export const plannedPods = (resources: readonly PlannedResource[], report: Report): readonly Pod[] =>
  resources
    .filter(({ type }) => WORKLOAD.test(type) || GROUP.test(type))
    .flatMap((resource) => {
      const pods = podsOf(resource);
      if (pods.ok) return pods.value;
      report(
        `workload "${resource.name}" cannot be read in the preview (${pods.reason}), so nobody can say what it serves`,
        resource.urn,
      );
      return [];
    });

/** Policies that limit what pods may call; unreadable ones are reported. */
export const egressPolicies = (resources: readonly PlannedResource[], report: Report): readonly EgressPolicy[] =>
  resources
    .filter(({ type }) => type === NETWORK_POLICY)
    .flatMap((resource) => {
      const policy = read(() => {
        const { podSelector, policyTypes, egress } = resource.props["spec"] ?? {};
        const namespace: string = resource.props["metadata"]?.namespace ?? "";
        const limits: boolean = policyTypes?.includes("Egress") ?? false;
        return { limits, name: resource.name, namespace, podSelector: podSelector ?? {}, egress: egress ?? [] };
      });
      if (policy.ok) return policy.value.limits ? [policy.value] : [];
      report(`network policy "${resource.name}" cannot be read in the preview (${policy.reason})`, resource.urn);
      return [];
    });

/** Whether a selector takes a pod. Of an expression nobody here knows the answer is undefined. */
export function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean | undefined {
  if (!Object.entries(matchLabels).every(([key, value]) => labels[key] === value)) return false;
  const answers = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === "In") return values.includes(labels[key] ?? "");
    if (operator === "NotIn") return !values.includes(labels[key] ?? "");
    if (operator === "Exists") return key in labels;
    return operator === "DoesNotExist" ? !(key in labels) : undefined;
  });
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}
