import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { beforeAll, describe, expect, it } from "vitest";
import { declared, planned } from "../../cli/judged.ts";
import { decide } from "../../economics/decide.ts";
import { pricePlan } from "../../economics/price-plan.ts";
import { declaredInput, type PlannedStack, plannedStack } from "../../policies/assess.ts";
import { differences } from "../../policies/compare-plans.ts";
import { ownerSettings } from "../../policies/owner-settings.ts";
import { previewResources } from "../../policies/planned-preview.ts";
import { answered } from "../../report/question.ts";
import { isCompared } from "../../report/verdict.ts";
import { openPlan, platformOf } from "./engine.ts";
import { TODAY } from "./graphs.ts";

/** What the engine prints for `pulumi preview --json --show-sames`. */
async function planOf(stackName: string, program?: () => Promise<unknown>): Promise<string> {
  const stack = await openPlan(stackName, program as never);
  try {
    const { text, errors } = await stack.preview();
    expect(errors).toEqual([]);
    return text;
  } finally {
    stack.close();
  }
}

function judged(text: string): PlannedStack {
  const reading = previewResources(text);
  if (!reading.ok) throw new Error(reading.reason);
  const stack = plannedStack(reading.resources, ownerSettings({ today: TODAY }));
  if (!stack.ok) throw new Error(stack.reason);
  return stack.value;
}

const refusal = (text: string): string => {
  const reading = previewResources(text);
  return reading.ok ? "accepted" : reading.reason;
};

let plan: string;
beforeAll(async () => {
  plan = await planOf("prod");
});

/** The plan with its JSON changed. */
function changed(change: (content: Record<string, never> & { steps: { op: string }[] }) => void): string {
  const content = JSON.parse(plan);
  change(content);
  return JSON.stringify(content);
}

describe("a preview as the engine prints it", () => {
  it("is priced like the declared plan it comes from", () => {
    const { declared, planned, input } = judged(plan);
    expect(differences(declared.items, planned)).toEqual([]);
    const [asPlanned, asDeclared] = [decide(input), decide(declaredInput(declared))];
    if (!("projection" in asPlanned && "projection" in asDeclared)) throw new Error(asPlanned.kind);
    expect(asPlanned.projection.owningUsdPerMonth).toBeCloseTo(asDeclared.projection.owningUsdPerMonth, 6);
    expect(asPlanned.kind).toBe("pass");
  });

  it("has the resources nobody declared, and none of them without a price", async () => {
    const { input } = judged(
      await planOf("prod", async () => {
        platformOf("prod");
        const number = new random.RandomInteger("number", { min: 1, max: 9 });
        const group = {
          clusterName: "breakeven",
          nodeRoleArn: "arn:aws:iam::123456789012:role/nodes",
          subnetIds: ["subnet-0"],
          instanceTypes: ["p5.48xlarge"],
          diskSize: 100,
        };
        new aws.eks.NodeGroup("by-hand", { ...group, scalingConfig: { minSize: 0, desiredSize: 0, maxSize: 2 } });
        new aws.eks.NodeGroup("unknown", {
          ...group,
          scalingConfig: { minSize: 0, desiredSize: 0, maxSize: number.result },
        });
        new aws.eks.NodeGroup("secret", {
          ...group,
          instanceTypes: [pulumi.secret("p5.48xlarge")],
          scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 1 },
        });
        new aws.sns.Topic("data");
      }),
    );
    const { lines, missing } = pricePlan(input.items, input.catalog);
    expect(lines.find(({ label }) => label.includes("by-hand"))?.label).toBe(
      '2x p5.48xlarge on-demand (eks NodeGroup "by-hand")',
    );
    const reasons = missing.map(({ resource, reason }) => `${resource}: ${reason}`).join("\n");
    expect(reasons).toContain('eks NodeGroup "unknown": scalingConfig.maxSize: string value at .scalingConfig.maxSize');
    expect(reasons).toContain('eks NodeGroup "secret": instanceTypes: string value at .instanceTypes can');
    expect(reasons).toContain('sns Topic "data": type aws:sns/topic:Topic has no price adapter');
  });
});

describe("the report of a preview", () => {
  it("is of the stack it was made from, and of no other", () => {
    const file = join(mkdtempSync(join(tmpdir(), "breakeven-plan-")), "plan.json");
    writeFileSync(file, plan);
    const { subject, input, differences: found } = planned(file, "prod", TODAY);
    expect([subject, found]).toEqual([{ kind: "planned", file }, []]);
    const { results } = answered(input);
    const declaredResults = answered(declared("prod", TODAY).input).results;
    if (!(isCompared(results) && isCompared(declaredResults))) throw new Error(results.verdict);
    expect(results.owning.usdPerMonth).toBeCloseTo(declaredResults.owning.usdPerMonth, 6);
    expect(() => planned(file, "overbuilt", TODAY)).toThrow(
      "made of another config than Pulumi.overbuilt.yaml has now",
    );
  });
});

describe("the report of a preview under an owner", () => {
  it("prices what is planned as the owner pins it", () => {
    const file = join(mkdtempSync(join(tmpdir(), "breakeven-plan-")), "plan.json");
    writeFileSync(file, plan);
    const owner = { settings: ownerSettings({ minEngineerUsdPerHour: 400 }), file: "owner.json" };
    const bill = ({ input }: ReturnType<typeof planned>) => {
      const decision = decide(input);
      if (!("projection" in decision)) throw new Error(decision.kind);
      return decision.projection.owningUsdPerMonth;
    };
    const pinned = planned(file, "prod", TODAY, owner);
    expect(pinned.subject).toEqual({ kind: "planned", file, owner: "owner.json" });
    expect(bill(pinned)).toBeCloseTo(bill(declared("prod", TODAY, owner)), 6);
    expect(bill(pinned)).toBeGreaterThan(bill(planned(file, "prod", TODAY)));
  });
});

describe("what is not a whole preview", () => {
  const terraform = JSON.stringify({ format_version: "1.2", terraform_version: "1.9.0", resource_changes: [] });
  const state = JSON.stringify({ version: 3, deployment: { resources: [] } });
  const events = ['{"sequence":0,"timestamp":1,"preludeEvent":{"config":{}}}', '{"sequence":1,"timestamp":1}'];

  it.each([
    ["an empty file", "", "the file is empty"],
    ["text", "Previewing update (prod)", "it is not JSON"],
    ["a list", "[]", "it is not a JSON object"],
    ["another tool's plan", terraform, "it is a Terraform or OpenTofu plan"],
    ["a state", state, "it is an exported state"],
    ["engine events", events.join("\n"), "it is a stream of engine events"],
    ["a report", '{"schema":"breakeven/report/v1"}', "it is a breakeven/report/v1 document"],
    [
      "another version",
      '{"steps":[{"operation":"create"}]}',
      "not a preview of a version this program knows: steps.0.op",
    ],
    ["no steps", '{"changeSummary":{}}', "the preview has no resources"],
  ])("refuses %s", (_, text, reason) => {
    expect(refusal(text)).toContain(reason);
    expect(refusal(text)).toContain("pulumi preview --json --show-sames");
  });

  it("refuses a preview that failed", () => {
    const failed = changed((content) =>
      Object.assign(content, { diagnostics: [{ severity: "error", message: "no such role" }] }),
    );
    expect(refusal(failed)).toContain("the preview failed:\n  no such role");
  });

  it("refuses a preview that leaves unchanged resources out, for they cost money too", () => {
    const cut = changed((content) =>
      Object.assign(content, { changeSummary: { same: 40, create: content.steps.length } }),
    );
    expect(refusal(cut)).toContain("40 unchanged resources were left out");
  });

  it("refuses a preview without a summary, with nothing but the stack, and a corrupt one", () => {
    expect(refusal(changed((content) => Object.assign(content, { changeSummary: {} })))).toContain("ended before");
    const bare = changed((content) => Object.assign(content, { steps: content.steps.slice(0, 1) }));
    expect(refusal(bare)).toContain("the stack is empty");
    expect(refusal(changed((content) => Object.assign(content, { maybeCorrupt: true })))).toContain("corrupt");
  });

  it("leaves out what is going to be deleted", () => {
    const content = changed(({ steps }) => {
      for (const step of steps) {
        const state = step as { op: string; newState?: { type: string }; oldState?: object };
        if (state.newState?.type !== "aws:ec2/natGateway:NatGateway") continue;
        state.op = "delete";
        state.oldState = state.newState;
        delete state.newState;
      }
    });
    const { declared, planned } = judged(content);
    expect(differences(declared.items, planned)).toContain("NAT gateways: declared 2190 per month, planned 0");
  });
});
