import type { Finding } from "../../../sandbox/cluster/kube-score.ts";

/** What kube-score asks for and is not done, and why; `app` is a part of the object's name, every object where absent. */
const ACCEPTED: readonly { readonly check: string; readonly app?: string; readonly because: string }[] = [
  { check: "container-image-pull-policy", because: "images are pinned; pulling a known one again only delays a start" },
  {
    check: "deployment-has-host-podantiaffinity",
    because: "topology spread constraints do it for gateways; replicas of a model share a node by design",
  },
  {
    check: "container-resources",
    app: "vllm",
    because: "the node is the model's own; a memory limit would count page cache",
  },
  { check: "container-security-context-user-group-id", app: "vllm", because: "user 2000 is the one of the image" },
  { check: "pod-probes-identical", app: "vllm", because: "the server answers nothing else before the engine is up" },
  {
    check: "container-ephemeral-storage-request-and-limit",
    because: "every volume has a size limit of its own, and the root file system cannot be written",
  },
  {
    check: "deployment-targeted-by-hpa-does-not-have-replicas-configured",
    because: "gateways start at the size of the planned peak; from then on their count is left to the autoscaler",
  },
  { check: "service-type", app: "gateway", because: "the network load balancer outside the cluster needs a node port" },
];

/** The findings that nobody has accepted, as lines. */
export const unaccepted = (findings: readonly Finding[]): string[] =>
  findings
    .filter(({ object, check }) => !ACCEPTED.some((known) => known.check === check && object.includes(known.app ?? "")))
    .map(({ object, check, comments }) => `${object}: ${check}: ${comments.join("; ")}`);
