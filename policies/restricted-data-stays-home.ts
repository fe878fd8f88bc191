import type { StackValidationPolicy } from "@pulumi/policy";
import { parse } from "yaml";
import { plannedStack } from "./assess.ts";
import { ownerConfigSchema, ownerSettings } from "./owner-settings.ts";
import { type PlannedResource, type Reading, read } from "./read.ts";

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const SERVICE = "kubernetes:core/v1:Service";
const NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
/** Kinds whose pods come from `spec.template`. */
const WORKLOAD = /^kubernetes:(apps\/v1:(Deployment|StatefulSet|DaemonSet|ReplicaSet)|batch\/v1:Job)$/;
/** Variables that look like a credential; the gateway's own lead nowhere outside. */
const CREDENTIAL = /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/i;
const OWN_CREDENTIALS: readonly string[] = [
  "VLLM_API_KEY",
  "LITELLM_MASTER_KEY",
  "GATEWAY_KEYS_FILE",
  "REDIS_PASSWORD",
];

interface Route {
  readonly model_name?: string;
  readonly litellm_params?: { readonly model?: string; readonly api_base?: string };
  readonly model_info?: { readonly external?: boolean };
}
interface Gateway {
  readonly name: string;
  readonly namespace: string;
  readonly routes: readonly Route[];
}
/** What matters of a pod; a part that cannot be read in the preview makes the whole pod unreadable. */
interface Pod {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly configMaps: readonly string[];
  readonly variables: readonly string[];
  readonly takesWholeSecrets: boolean;
  readonly hostNetwork: boolean;
}
interface EgressPolicy {
  readonly namespace: string;
  readonly podSelector?: {
    readonly matchLabels?: Readonly<Record<string, string>>;
    readonly matchExpressions?: readonly unknown[];
  };
  readonly policyTypes?: readonly string[];
  readonly egress?: readonly { readonly to?: readonly { readonly ipBlock?: unknown }[] }[];
}
type Report = (message: string, urn?: string) => void;

/** Only what a cluster-internal name or address serves is at home; anything else leaves the stack. */
const isExternal = ({ litellm_params, model_info }: Route): boolean =>
  model_info?.external !== false || (!isRouter(litellm_params) && !isInside(litellm_params?.api_base));

/** Sends on to other groups of the same file, which are looked at themselves. */
const isRouter = (params: Route["litellm_params"]): boolean =>
  params?.model === "auto_router/complexity_router" && !JSON.stringify(params).includes("api_base");

const isInside = (address: string | undefined): boolean =>
  /^https?:\/\/[-a-z0-9.]+\.svc(\.cluster\.local)?(:\d+)?(\/|$)/.test(address ?? "");

/** Gateway configurations among the config maps; one that cannot be read is reported, it might route anywhere. */
function gateways(resources: readonly PlannedResource[], report: Report): readonly Gateway[] {
  return resources
    .filter(({ type }) => type === CONFIG_MAP)
    .flatMap((resource) => {
      const values = read(() => ({ data: resource.props["data"], metadata: resource.props["metadata"] }));
      if (!values.ok) {
        report(
          `config map "${resource.name}" cannot be read in the preview (${values.reason}), so nobody can say where it routes`,
          resource.urn,
        );
        return [];
      }
      const { data, metadata } = values.value as {
        data?: Record<string, string>;
        metadata?: { name?: string; namespace?: string };
      };
      return Object.entries(data ?? {}).flatMap(([file, content]) => {
        if (!/\.ya?ml$/.test(file)) return [];
        const routes = (parse(content) as { model_list?: readonly Route[] } | null)?.model_list;
        return routes === undefined
          ? []
          : [{ name: metadata?.name ?? resource.name, namespace: metadata?.namespace ?? "", routes }];
      });
    });
}

interface Volume {
  readonly configMap?: { readonly name?: string };
  readonly projected?: { readonly sources?: readonly { readonly configMap?: { readonly name?: string } }[] };
}
interface Container {
  readonly env?: readonly { readonly name: string }[];
  readonly envFrom?: readonly unknown[];
}

/** Reads only the parts that matter: annotations and values of a first preview are unknown, names are not. */
function podOf(resource: PlannedResource): Reading<Pod> {
  return read(() => {
    const template = resource.props["spec"]?.template;
    const spec = template?.spec ?? {};
    const volumes = (spec.volumes ?? []) as readonly Volume[];
    const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])] as readonly Container[];
    const sources = volumes.flatMap(({ configMap, projected }) => [
      configMap?.name,
      ...(projected?.sources ?? []).map((source) => source.configMap?.name),
    ]);
    return {
      namespace: resource.props["metadata"]?.namespace ?? "",
      labels: template?.metadata?.labels ?? {},
      configMaps: sources.filter((name): name is string => name !== undefined),
      variables: containers.flatMap(({ env }) => (env ?? []).map(({ name }) => name)),
      takesWholeSecrets: containers.some(({ envFrom }) => (envFrom ?? []).length > 0),
      hostNetwork: spec.hostNetwork === true,
    };
  });
}

/** Pods that mount the gateway's configuration. A workload that cannot be read is reported, it might be one. */
function podsOf(
  resources: readonly PlannedResource[],
  gateway: Gateway,
  report: Report,
): readonly { resource: PlannedResource; pod: Pod }[] {
  return resources
    .filter(({ type }) => WORKLOAD.test(type))
    .flatMap((resource) => {
      const pod = podOf(resource);
      if (!pod.ok) {
        report(
          `workload "${resource.name}" cannot be read in the preview (${pod.reason}), so nobody can say what it serves`,
          resource.urn,
        );
        return [];
      }
      return pod.value.configMaps.includes(gateway.name) ? [{ resource, pod: pod.value }] : [];
    });
}

/** Egress policies of the pod's own namespace that may select it; unreadable ones are reported. */
function egressPolicies(resources: readonly PlannedResource[], pod: Pod, report: Report): readonly EgressPolicy[] {
  return resources
    .filter(({ type }) => type === NETWORK_POLICY)
    .flatMap((resource) => {
      const policy = read(
        () => ({ ...resource.props["spec"], namespace: resource.props["metadata"]?.namespace ?? "" }) as EgressPolicy,
      );
      if (policy.ok) return [policy.value];
      report(`network policy "${resource.name}" cannot be read in the preview (${policy.reason})`, resource.urn);
      return [];
    })
    .filter(({ namespace, policyTypes, podSelector }) => {
      const wanted = Object.entries(podSelector?.matchLabels ?? {});
      return (
        namespace === pod.namespace &&
        policyTypes?.includes("Egress") &&
        wanted.every(([key, value]) => pod.labels[key] === value)
      );
    });
}

/** Whether a policy surely selects the pod: expressions might not. */
const isSure = ({ podSelector }: EgressPolicy): boolean => (podSelector?.matchExpressions ?? []).length === 0;

const letsOut = ({ egress }: EgressPolicy): boolean =>
  (egress ?? []).some(
    ({ to }) => to === undefined || to.length === 0 || to.some(({ ipBlock }) => ipBlock !== undefined),
  );

function checkGateway(resources: readonly PlannedResource[], gateway: Gateway, tasks: string, report: Report): void {
  const pods = podsOf(resources, gateway, report);
  if (pods.length === 0) report(`no workload of the plan mounts the gateway "${gateway.name}", which serves ${tasks}`);
  for (const { resource, pod } of pods) {
    const add = (message: string) => report(`gateway "${resource.name}" serves ${tasks} and ${message}`, resource.urn);
    for (const name of pod.variables)
      if (CREDENTIAL.test(name) && !OWN_CREDENTIALS.includes(name)) add(`holds the external key ${name}`);
    if (pod.takesWholeSecrets) add("takes whole secrets into its environment (envFrom)");
    if (pod.hostNetwork) add("runs on the host's network, where no NetworkPolicy holds");
    const policies = egressPolicies(resources, pod, report);
    if (!policies.some(isSure)) add("no NetworkPolicy limits its egress");
    if (policies.some(letsOut)) add("a NetworkPolicy lets it out of the cluster");
  }
}

/** A Service may stand for any name outside; then a cluster-internal address says nothing. */
function checkServices(resources: readonly PlannedResource[], report: Report): void {
  for (const resource of resources.filter(({ type }) => type === SERVICE)) {
    const type = read(() => resource.props["spec"]?.type as string | undefined);
    if (!type.ok || type.value === "ExternalName")
      report(`service "${resource.name}" may stand for a name outside the cluster (ExternalName)`, resource.urn);
  }
}

/** Restricted data has no way out: no route, no key and no network path to an external API. */
export const restrictedDataStaysHome: StackValidationPolicy = {
  name: "restricted-data-stays-home",
  displayName: "Restricted data stays home",
  description: "Gateways of restricted tasks have no route, no key and no egress to an external API.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps:
    "Serve restricted tasks by a gateway of their own, as the components do; change breakeven:platform instead of its resources.",
  configSchema: ownerConfigSchema,
  validateStack: (args, report) => {
    const stack = plannedStack(args.resources, ownerSettings(args.getConfig()));
    if (!stack.ok) return;
    const { declared, resources } = stack.value;
    const restricted = Object.entries(declared.config.tasks).filter(([, { dataClass }]) => dataClass === "restricted");
    if (restricted.length === 0) return;
    checkServices(resources, report);
    const found = gateways(resources, report);
    for (const [task] of restricted) {
      const serving = found.filter(({ routes }) => routes.some(({ model_name }) => model_name === task));
      if (serving.length === 0) report(`no gateway in the plan serves the restricted task ${task}`);
      for (const gateway of serving) {
        for (const route of gateway.routes.filter(isExternal)) {
          report(
            `gateway "${gateway.name}" serves the restricted task ${task} and routes ${route.model_name} to ${route.litellm_params?.api_base ?? route.litellm_params?.model}`,
          );
        }
        checkGateway(resources, gateway, `the restricted task ${task}`, report);
      }
    }
  },
};
