import { BlockList } from "node:net";
import type { StackValidationPolicy } from "@pulumi/policy";
import { parse } from "yaml";
import { POD_IDENTITY, PRIVATE_NETWORKS } from "../config/addresses.ts";
import { plannedStack } from "./assess.ts";
import { ownerConfigSchema, ownerSettings } from "./owner-settings.ts";
import { type EgressPolicy, egressPolicies, type Pod, plannedPods, type Report, selects } from "./planned-pods.ts";
import { type PlannedResource, read } from "./read.ts";

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const SERVICE = "kubernetes:core/v1:Service";
/** Variables that look like a credential; the gateway's own lead nowhere outside. */
const CREDENTIAL = /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/i;
/** Secrets with hashes of the keys of clients. */
const CLIENT_KEYS = /-client-keys$/;
const OWN_CREDENTIALS: readonly string[] = [
  "VLLM_API_KEY",
  "LITELLM_MASTER_KEY",
  "GATEWAY_KEYS_FILE",
  "GATEWAY_EXTERNAL_KEYS_FILE",
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
interface Service {
  readonly name: string;
  readonly namespace: string;
  readonly selector: Readonly<Record<string, string>>;
}
/** The parts of a plan that say who reaches what. */
interface Paths {
  readonly pods: readonly Pod[];
  readonly services: readonly Service[];
  readonly policies: readonly EgressPolicy[];
}

/** Only what a cluster-internal name or address serves is at home; anything else leaves the stack. */
const isExternal = ({ litellm_params, model_info }: Route): boolean =>
  model_info?.external !== false || (!isRouter(litellm_params) && serviceOf(litellm_params?.api_base) === undefined);

/** Sends on to other groups of the same file, which are looked at themselves. */
const isRouter = (params: Route["litellm_params"]): boolean =>
  params?.model === "auto_router/complexity_router" && !JSON.stringify(params).includes("api_base");

/** The Service a cluster-internal address names. */
function serviceOf(address = ""): Pick<Service, "name" | "namespace"> | undefined {
  const [, name, namespace] =
    /^https?:\/\/([-a-z0-9]+)\.([-a-z0-9]+)\.svc(?:\.cluster\.local)?(?::\d+)?(?:\/|$)/.exec(address) ?? [];
  return name === undefined || namespace === undefined ? undefined : { name, namespace };
}

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

/** Services of the plan. One may stand for any name outside; then a cluster-internal address says nothing. */
function services(resources: readonly PlannedResource[], report: Report): readonly Service[] {
  return resources
    .filter(({ type }) => type === SERVICE)
    .flatMap((resource) => {
      const service = read(() => {
        const { type, selector } = resource.props["spec"] ?? {};
        const { name, namespace } = resource.props["metadata"] ?? {};
        return { type, name: name ?? resource.name, namespace: namespace ?? "", selector: selector ?? {} };
      });
      if (service.ok && service.value.type !== "ExternalName") return [service.value];
      report(`service "${resource.name}" may stand for a name outside the cluster (ExternalName)`, resource.urn);
      return [];
    });
}

/** Policies of the pod's own namespace that select it, or might. */
const policiesOf = ({ policies }: Paths, pod: Pod): readonly EgressPolicy[] =>
  policies.filter(
    ({ namespace, podSelector }) => namespace === pod.namespace && selects(podSelector, pod.labels) !== false,
  );

const isLimited = (paths: Paths, pod: Pod): boolean =>
  policiesOf(paths, pod).some(({ podSelector }) => selects(podSelector, pod.labels) === true);

/** Whether a policy lets pods reach anything by address that `isAllowed` does not allow. */
const letsOut = ({ egress }: EgressPolicy, isAllowed: (cidr: string) => boolean): boolean =>
  egress.some(
    ({ to }) =>
      to === undefined ||
      to.length === 0 ||
      to.some(({ ipBlock }) => ipBlock !== undefined && !isAllowed(ipBlock.cidr)),
  );

/** Whether all addresses of a range are in a private network, or the one that hands out the pod's own role. */
function isPrivate(cidr: string): boolean {
  const [address = "", bits = ""] = cidr.split("/");
  return [...PRIVATE_NETWORKS, POD_IDENTITY].some((range) => {
    const [network = "", width] = range.split("/");
    const inside = new BlockList();
    inside.addSubnet(network, Number(width));
    return bits !== "" && Number(bits) >= Number(width) && inside.check(address);
  });
}

function checkGateway(gateway: Gateway, tasks: string, paths: Paths, report: Report): void {
  const pods = paths.pods.filter(({ configMaps }) => configMaps.includes(gateway.name));
  if (pods.length === 0) report(`no workload of the plan mounts the gateway "${gateway.name}", which serves ${tasks}`);
  for (const pod of pods) {
    const add = (message: string) => report(`gateway "${pod.name}" serves ${tasks} and ${message}`, pod.urn);
    for (const name of pod.variables)
      if (CREDENTIAL.test(name) && !OWN_CREDENTIALS.includes(name)) add(`holds the external key ${name}`);
    for (const name of pod.secrets) if (!CLIENT_KEYS.test(name)) add(`mounts the secret ${name}`);
    if (pod.variables.some((name) => name.startsWith("CAPTURE_"))) add("keeps answers in a store outside the cluster");
    if (pod.takesWholeSecrets) add("takes whole secrets into its environment (envFrom)");
    if (pod.hostNetwork) add("runs on the host's network, where no NetworkPolicy holds");
    if (!isLimited(paths, pod)) add("no NetworkPolicy limits its egress");
    if (policiesOf(paths, pod).some((policy) => letsOut(policy, () => false)))
      add("a NetworkPolicy lets it out of the cluster");
  }
}

/** Pods behind the addresses of a gateway, and those they may call in turn: a router's replicas, the nodes of one replica. */
function modelServers(gateway: Gateway, tasks: string, paths: Paths, report: Report): readonly Pod[] {
  const addresses = new Set(gateway.routes.map(({ litellm_params }) => litellm_params?.api_base ?? ""));
  const found = new Set<Pod>();
  for (const address of addresses) {
    const target = serviceOf(address);
    if (target === undefined) continue;
    const service = paths.services.find(
      ({ name, namespace }) => name === target.name && namespace === target.namespace,
    );
    const pods = paths.pods.filter(
      ({ namespace, labels }) =>
        service !== undefined &&
        namespace === service.namespace &&
        Object.keys(service.selector).length > 0 &&
        selects({ matchLabels: service.selector }, labels),
    );
    if (pods.length === 0)
      report(`no workload of the plan is behind ${address}, which serves ${tasks}, so nobody can say where it leads`);
    for (const pod of pods) found.add(pod);
  }
  // A set that grows is walked to its end.
  for (const pod of found)
    for (const { egress } of policiesOf(paths, pod))
      for (const { podSelector, namespaceSelector } of egress.flatMap(({ to }) => to ?? []))
        if (podSelector !== undefined && namespaceSelector === undefined)
          for (const next of paths.pods)
            if (next.namespace === pod.namespace && selects(podSelector, next.labels) !== false) found.add(next);
  return [...found];
}

function checkModelServers(servers: readonly Pod[], tasks: string, paths: Paths, report: Report): void {
  for (const pod of servers) {
    const add = (message: string) => report(`model server "${pod.name}" answers ${tasks} and ${message}`, pod.urn);
    if (pod.hostNetwork) add("runs on the host's network, where no NetworkPolicy holds");
    if (!isLimited(paths, pod)) add("no NetworkPolicy limits its egress");
    for (const policy of policiesOf(paths, pod))
      if (letsOut(policy, isPrivate))
        add(`the NetworkPolicy "${policy.name}" lets it reach addresses outside private networks`);
  }
}

/** Restricted data has no way out: no route, no key and no network path to an external API, from gateway or model. */
export const restrictedDataStaysHome: StackValidationPolicy = {
  name: "restricted-data-stays-home",
  displayName: "Restricted data stays home",
  description:
    "Gateways of restricted tasks have no route, no key and no egress to an external API, and their model servers no egress to the internet.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps:
    "Serve restricted tasks by a gateway of their own and load weights from a volume, an image or a private S3 endpoint, as the components do; change breakeven:platform instead of its resources.",
  configSchema: ownerConfigSchema,
  validateStack: (args, report) => {
    const stack = plannedStack(args.resources, ownerSettings(args.getConfig()));
    if (!stack.ok) return;
    const { declared, resources } = stack.value;
    const restricted = Object.entries(declared.config.tasks).filter(([, { dataClass }]) => dataClass === "restricted");
    if (restricted.length === 0) return;
    const paths: Paths = {
      pods: plannedPods(resources, report),
      services: services(resources, report),
      policies: egressPolicies(resources, report),
    };
    const found = gateways(resources, report);
    for (const [task] of restricted) {
      const tasks = `the restricted task ${task}`;
      const serving = found.filter(({ routes }) => routes.some(({ model_name }) => model_name === task));
      if (serving.length === 0) report(`no gateway in the plan serves ${tasks}`);
      for (const gateway of serving) {
        for (const route of gateway.routes.filter(isExternal)) {
          report(
            `gateway "${gateway.name}" serves ${tasks} and routes ${route.model_name} to ${route.litellm_params?.api_base ?? route.litellm_params?.model}`,
          );
        }
        checkGateway(gateway, tasks, paths, report);
        checkModelServers(modelServers(gateway, tasks, paths, report), tasks, paths, report);
      }
    }
  },
};
