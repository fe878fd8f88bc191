import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { decide } from "../../economics/decide.ts";
import { declaredInput, declaredPlan } from "../../policies/assess.ts";
import { ownerSettings } from "../../policies/owner-settings.ts";
import { breakeven } from "./program.ts";

const PINNED = { today: "2026-11-21", horizonMonths: 24, minEngineerUsdPerHour: 400, maxMonthlyGrowth: 0 };

function configured(policies: object | string): string[] {
  const file = join(mkdtempSync(join(tmpdir(), "breakeven-owner-")), "owner.json");
  writeFileSync(file, typeof policies === "string" ? policies : JSON.stringify(policies));
  return ["--policy-pack-config", file];
}

const OWNER = configured({
  all: "advisory",
  "cheaper-than-api": { enforcementLevel: "mandatory", ...PINNED },
  "prices-are-fresh": { blockAfterDays: 90 },
});

/** What the guard of a deployment prices the committed stack file at. */
function guardUsd(owner: object): number {
  const config = parse(readFileSync(join(import.meta.dirname, "../../Pulumi.prod.yaml"), "utf8")).config[
    "breakeven:platform"
  ];
  const declared = declaredPlan({ props: { config } }, ownerSettings(owner));
  if (!declared.ok) throw new Error(declared.reason);
  const decision = decide(declaredInput(declared));
  if (!("projection" in decision)) throw new Error(decision.kind);
  return decision.projection.owningUsdPerMonth;
}

describe("what the platform owner pins", () => {
  it("wins over the stack's claims in check and report as it does in a deployment", async () => {
    const plain = JSON.parse((await breakeven("check", "prod", "--json", "--today", PINNED.today)).out);
    const { code, out } = await breakeven("check", "prod", "--json", ...OWNER);
    const check = JSON.parse(out);
    expect([plain.verdict, check.verdict, code]).toEqual(["pass", "block", 3]);
    expect(check).toMatchObject({ owner: OWNER[1], today: PINNED.today });
    expect(check.months).toHaveLength(PINNED.horizonMonths);
    expect(check.owningUsdPerMonth).toBeCloseTo(guardUsd(PINNED), 6);
    expect(plain.owningUsdPerMonth).toBeCloseTo(guardUsd({ today: PINNED.today }), 6);

    const report = JSON.parse((await breakeven("report", "prod", "--format", "json", ...OWNER)).out);
    expect(report.subject).toEqual({ kind: "declared", file: "Pulumi.prod.yaml", owner: OWNER[1] });
    expect(report.results.owning.usdPerMonth).toBeCloseTo(check.owningUsdPerMonth, 6);
  });

  it("is named beside the verdict, and --today says another day", async () => {
    const { out } = await breakeven("check", "prod", "--today", "2026-11-22", ...OWNER);
    expect(out).toContain(`Pulumi.prod.yaml, as declared under ${OWNER[1]}`);
    const json = JSON.parse((await breakeven("check", "prod", "--json", "--today", "2026-11-22", ...OWNER)).out);
    expect(json.today).toBe("2026-11-22");
  });

  it("holds for a plan, which check then bills the same", async () => {
    const written = join(mkdtempSync(join(tmpdir(), "breakeven-owner-")), "Pulumi.planned.yaml");
    const narrow = ["--precision", "fp8", "--purchase", "commit-1y", "--share", "1", "--max-nodes", "2"];
    const plan = await breakeven("plan", "prod", ...narrow, "--json", "--write", written, ...OWNER);
    const planned = JSON.parse(plan.out);
    const checked = JSON.parse((await breakeven("check", written, "--json", ...OWNER)).out);
    expect(checked.owningUsdPerMonth).toBeCloseTo(planned.front[0].usdPerMonth, 6);
    expect(planned).toMatchObject({ owner: OWNER[1], today: PINNED.today });
  });

  it("changes nothing where the file pins nothing for the verdict", async () => {
    for (const policies of ["", { "cheaper-than-api": "advisory" }]) {
      const given = configured(policies);
      const { out } = await breakeven("check", "prod", "--json", "--today", PINNED.today, ...given);
      expect(JSON.parse(out).owningUsdPerMonth).toBeCloseTo(guardUsd({ today: PINNED.today }), 6);
    }
  });

  it.each([
    ["{", "JSON"],
    ["[]", "expected an object with the settings of each policy"],
    [{ "cheaper-then-api": {}, x: {} }, "no policy is named cheaper-then-api, x; known: cheaper-than-api, "],
    [
      { "cheaper-than-api": { maxMonthlyGrowth: "none", confidance: 1 } },
      'policy configuration: maxMonthlyGrowth: Invalid input: expected number, received string; Unrecognized key: "confidance"',
    ],
    [{ "cheaper-than-api": 3 }, "cheaper-than-api: expected settings or an enforcement level"],
  ])("is refused as %j", async (policies, message) => {
    const given = configured(policies);
    const { code, err, out } = await breakeven("check", "prod", ...given);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain(`${given[1]}: `);
    expect(err).toContain(message);
  });
});
