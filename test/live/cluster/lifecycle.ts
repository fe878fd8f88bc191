import { expect, it } from "vitest";
import { kubeScore } from "../../../sandbox/cluster/kube-score.ts";
import { unaccepted } from "./accepted-findings.ts";
import { type DeployedStack, deployedObjects, nameOf, objectNames } from "./deployed-stack.ts";

/** What holds for every deployed stack. Each takes the stack when the case runs, for it is deployed before all cases. */
type Deployed = () => DeployedStack;

export const acceptedWhole = (title: string, deployed: Deployed): void =>
  it(title, async () => {
    const { up, stack, cluster } = deployed();
    expect(up).toMatchObject({ verdict: "ok", errors: [] });
    const objects = (await deployedObjects(stack)).map(nameOf);
    expect(objects.length).toBeGreaterThan(10);
    const present = await objectNames(cluster);
    expect(objects.filter((name) => !present.has(name))).toEqual([]);
  });

export function inOrderAndSteady(deployed: Deployed): void {
  it("has no finding of kube-score that is not accepted with a reason", async () => {
    expect(unaccepted(await kubeScore(await deployedObjects(deployed().stack)))).toEqual([]);
  });

  it("has nothing to do when deployed again", async () => {
    const { errors, changes } = await deployed().stack.up();
    expect(errors).toEqual([]);
    expect(Object.keys(changes)).toEqual(["same"]);
  });
}

/** The last case: nothing of the stack is there afterwards. */
export const leavesNothingBehind = (deployed: Deployed): void =>
  it("leaves nothing behind when destroyed", async () => {
    const { stack, cluster, before } = deployed();
    expect(await stack.destroy()).toMatchObject({ verdict: "ok", errors: [] });
    expect(await stack.resources()).toEqual([]);
    const left = await objectNames(cluster);
    expect([...left].filter((name) => !before.has(name))).toEqual([]);
  });
