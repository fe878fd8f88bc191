import type { StackValidationPolicy } from "@pulumi/policy";
import { parse } from "yaml";
import { plannedStack } from "./assess.ts";
import { ownerConfigSchema, ownerSettings } from "./owner-settings.ts";
import type { PlannedResource } from "./read.ts";
import { read } from "./read.ts";

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const PROVIDER_KEY = /^COMMERCIAL_KEY/;

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
interface PodTemplate {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>>; readonly namespace?: string };
  readonly spec?: {
    readonly volumes?: readonly { readonly configMap?: { readonly name?: string } }[];
    readonly containers?: readonly {
      readonly env?: readonly { readonly name: string }[];
      readonly envFrom?: readonly unknown[];
    }[];
  };
}
interface EgressPolicy {
  readonly podSelector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly policyTypes?: readonly string[];
  readonly egress?: readonly { readonly to?: readonly { readonly ipBlock?: unknown }[] }[];
}
type Report = (message: string, urn?: string) => void;

/** Only what a cluster-internal name or address serves is at home; anything else leaves the stack. */
const isExternal = ({ litellm_params, model_info }: Route): boolean =>
  model_info?.external !== false ||
  !/^https?:\/\/[-a-z0-9.]+\.svc(\.cluster\.local)?(:\d+)?(\/|$)/.test(litellm_params?.api_base ?? "");

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

function podTemplates(
  resources: readonly PlannedResource[],
  gateway: Gateway,
): readonly { resource: PlannedResource; template: PodTemplate }[] {
  return resources
    .filter(({ type }) => type === DEPLOYMENT)
    .flatMap((resource) => {
      const template = read(() => resource.props["spec"]?.template as PodTemplate);
      if (!template.ok || !template.value.spec?.volumes?.some(({ configMap }) => configMap?.name === gateway.name))
        return [];
      return [{ resource, template: template.value }];
    });
}

function egressPolicies(
  resources: readonly PlannedResource[],
  labels: Readonly<Record<string, string>>,
): readonly EgressPolicy[] {
  return resources
    .filter(({ type }) => type === NETWORK_POLICY)
    .flatMap((resource) => {
      const spec = read(() => resource.props["spec"] as EgressPolicy);
      return spec.ok ? [spec.value] : [];
    })
    .filter(({ policyTypes, podSelector }) => {
      const wanted = Object.entries(podSelector?.matchLabels ?? {});
      return policyTypes?.includes("Egress") && wanted.every(([key, value]) => labels[key] === value);
    });
}

const letsOut = ({ egress }: EgressPolicy): boolean =>
  (egress ?? []).some(
    ({ to }) => to === undefined || to.length === 0 || to.some(({ ipBlock }) => ipBlock !== undefined),
  );

function checkGateway(resources: readonly PlannedResource[], gateway: Gateway, tasks: string, report: Report): void {
  for (const { resource, template } of podTemplates(resources, gateway)) {
    const containers = template.spec?.containers ?? [];
    const keys = containers.flatMap(({ env }) => env ?? []).filter(({ name }) => PROVIDER_KEY.test(name));
    for (const { name } of keys)
      report(`gateway "${resource.name}" serves ${tasks} and holds the external key ${name}`, resource.urn);
    if (containers.some(({ envFrom }) => (envFrom ?? []).length > 0)) {
      report(
        `gateway "${resource.name}" serves ${tasks} and takes whole secrets into its environment (envFrom)`,
        resource.urn,
      );
    }
    const policies = egressPolicies(resources, template.metadata?.labels ?? {});
    if (policies.length === 0)
      report(`gateway "${resource.name}" serves ${tasks} and no NetworkPolicy limits its egress`, resource.urn);
    if (policies.some(letsOut))
      report(`gateway "${resource.name}" serves ${tasks} and a NetworkPolicy lets it out of the cluster`, resource.urn);
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
