import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { POOL_LABEL } from "../../../config/marks.ts";
import { type DeployedStack, deploy, placements } from "./deployed-stack.ts";
import { acceptedWhole, inOrderAndSteady, leavesNothingBehind } from "./lifecycle.ts";

const NAMESPACE = "breakeven-prod";
const DEPLOY_MS = 5 * 60_000;

/** AWS is played by a local provider: its cluster is the one here, and its node groups put nodes into it. */
describe("the production stack with a Kubernetes API server for its EKS cluster", () => {
  let deployed: DeployedStack;
  beforeAll(async () => {
    deployed = await deploy("prod");
  }, DEPLOY_MS);
  afterAll(() => deployed?.close());

  acceptedWhole("is accepted whole, reached with the stack's own kubeconfig", () => deployed);

  it("runs every pod, models on the node group of their pool and nothing else there", async () => {
    const [pool] = Object.keys(deployed.config.pools);
    const pods = await placements(deployed.cluster, NAMESPACE);
    for (const { name, phase, gpus, nodeLabels } of pods) {
      expect(phase, name).toBe("Running");
      expect(nodeLabels?.[POOL_LABEL], name).toBe(gpus > 0 ? pool : undefined);
    }
    expect(pods.reduce((sum, { gpus }) => sum + gpus, 0)).toBe(8);
  });

  it("spreads gateways over zones", async () => {
    const gateways = await placements(deployed.cluster, NAMESPACE, "app.kubernetes.io/name=llm-gateway");
    const zones = gateways.map(({ nodeLabels }) => nodeLabels?.["topology.kubernetes.io/zone"]);
    expect(new Set(zones).size).toBe(Math.min(gateways.length, 3));
  });

  inOrderAndSteady(() => deployed);

  leavesNothingBehind(() => deployed);
});
