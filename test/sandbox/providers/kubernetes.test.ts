import { describe, expect, it } from "vitest";
import { kubernetesProvider } from "../../../sandbox/providers/kubernetes.ts";
import { type Properties, UNKNOWN } from "../../../sandbox/providers/values.ts";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const RELEASE = "kubernetes:helm.sh/v3:Release";
const MONITOR = "kubernetes:monitoring.coreos.com/v1:ServiceMonitor";
const monitor: Properties = { apiVersion: "monitoring.coreos.com/v1", kind: "ServiceMonitor", metadata: { name: "m" } };

const provider = kubernetesProvider();
provider.configure?.(new Map([["namespace", "serving"]]));

const deployment = (container: Properties): Properties => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  spec: { selector: {}, template: { spec: { containers: [{ name: "vllm", ...container }] } } },
});
const resource = (type: string) => ({ urn: `urn:pulumi:s::p::${type}::name`, type, name: "name" });
const reasons = (type: string, inputs: Properties): string[] =>
  provider.check(resource(type), inputs).failures.map(({ reason }) => reason);

describe("checking Kubernetes objects", () => {
  it("accepts objects of the SDK, whatever their group is called", () => {
    expect(reasons(DEPLOYMENT, deployment({ resources: { limits: { "nvidia.com/gpu": "1" } } }))).toEqual([]);
    expect(reasons("kubernetes:rbac.authorization.k8s.io/v1:Role", { metadata: {}, rules: [] })).toEqual([]);
    expect(reasons(RELEASE, { chart: "vllm", compat: "true", values: { any: [{ thing: 1 }] } })).toEqual([]);
  });

  it("rejects a misspelt field deep inside", () => {
    expect(reasons(DEPLOYMENT, deployment({ imagee: "x" }))[0]).toMatch(
      /^spec\.template\.spec\.containers\[0\] has no property "imagee" .*did you mean "image"\?/,
    );
    expect(reasons(RELEASE, { chart: "vllm", repositoryOpts: { repoo: "x" } })[0]).toContain('did you mean "repo"?');
  });

  it("rejects an apiVersion that is not the type's", () => {
    expect(reasons(DEPLOYMENT, { ...deployment({}), apiVersion: "apps/v2" })).toEqual([
      'apiVersion must be "apps/v1", not "apps/v2"',
    ]);
  });

  it("accepts the custom resources of the stack and rejects all others", () => {
    expect(reasons(MONITOR, { ...monitor, spec: { endpoints: [] } })).toEqual([]);
    expect(reasons(MONITOR, { ...monitor, metadata: { nam: "m" } })[0]).toContain('did you mean "name"?');
    expect(reasons(MONITOR, { ...monitor, metadata: "m", spec: [] }).length).toBe(2);
    expect(reasons("kubernetes:example.com/v1:Widget", monitor)[0]).toContain("no resource type");
    expect(reasons("kubernetes:apps.example.com/v1:Deployment", deployment({}))[0]).toContain("no resource type");
  });

  it("names objects and places them as the real provider does", () => {
    const { inputs } = provider.check(resource(DEPLOYMENT), deployment({}));
    expect(inputs.metadata).toEqual({
      name: expect.stringMatching(/^name-[0-9a-f]{8}$/),
      namespace: "serving",
      annotations: { "pulumi.com/autonamed": "true" },
    });
    const named = provider.check(resource(MONITOR), monitor).inputs;
    expect(named.metadata).toEqual({ name: "m", namespace: "serving" });
  });
});

describe("Kubernetes outputs", () => {
  it("leave the status unknown in a preview", () => {
    const { id, outputs } = provider.create(resource(DEPLOYMENT), deployment({}), true);
    expect(id).toBe("");
    expect(outputs).toEqual({ ...deployment({}), status: UNKNOWN });
    expect(provider.create(resource(RELEASE), { chart: "c" }, true).outputs).toMatchObject({ status: UNKNOWN });
  });

  it("give a load balancer its address after an update", () => {
    const service = { metadata: { name: "s", namespace: "n" }, spec: { type: "LoadBalancer" } };
    const { id, outputs } = provider.create(resource("kubernetes:core/v1:Service"), service, false);
    expect(id).toBe("n/s");
    expect(outputs).toMatchObject({ status: { loadBalancer: { ingress: [{ hostname: "name.sandbox.invalid" }] } } });
  });

  it("replace an object whose name or namespace changes, and no other", () => {
    const replacedBy = (olds: Properties, news: Properties) => provider.replacedBy(["metadata"], olds, news);
    expect(replacedBy({ metadata: { name: "a" } }, { metadata: { name: "b" } })).toEqual(["metadata"]);
    expect(replacedBy({ metadata: { name: "a" } }, { metadata: { name: "a", labels: {} } })).toEqual([]);
  });
});
