import { describe, expect, it } from "vitest";
import { staleness } from "../../config/generated-file.ts";
import { REFERENCE_FILE, referencePage } from "../../config/reference-page.ts";

const page = referencePage();
const rows = page.split("\n").filter((line) => line.startsWith("| `"));

describe("the config reference", () => {
  it("is current in docs/config.md", () => {
    expect(staleness(REFERENCE_FILE, page, "node config/reference-page.ts")).toBeUndefined();
  });

  it("has the sections in the order a stack file has them", () => {
    expect(page.match(/^## .+$/gm)?.map((heading) => heading.slice(3))).toEqual([
      "environment",
      "cluster",
      "pools",
      "models",
      "tasks",
      "measured",
      "gateway",
      "loadBalancer",
      "monitoring",
      "operations",
      "economics",
    ]);
  });

  it("says where secrets go before anything else", () => {
    const [intro = ""] = page.split("## ");
    expect(intro).toContain("`pulumi config set --secret --path breakeven:apiKeys.<provider>`");
    expect(intro).toContain("breakeven:huggingFaceToken");
  });

  it("has five filled cells in every row, the unit where there is one", () => {
    expect(rows.length).toBeGreaterThan(120);
    for (const row of rows) {
      const cells = row.slice(2, -2).split(/ \| /);
      expect(cells, row).toHaveLength(5);
      const [field, allowed, standard, , description] = cells;
      expect([field, allowed, standard, description].every(Boolean), row).toBe(true);
    }
  });

  it.each([
    "| `tasks.<task>.escalationRate` | a number from 0 to 1 | `0` | share, 0 to 1 | Self-hosted answers that are asked again on the API model. |",
    "| `pools.<pool>.maxNodes` | a whole number of at least 1 | required | count | Most nodes. |",
    '| `cluster.kubernetesVersion` | a Kubernetes minor version such as `"1.35"` | `"1.35"` |  | Kubernetes minor version of the control plane, e.g. `1.35`. |',
  ])("has the row %s", (row) => {
    expect(rows).toContain(row);
  });
});

describe("a generated file", () => {
  it("that is missing or differs is reported with the command that writes it", () => {
    expect(staleness("no-such-file.md", page, "node config/reference-page.ts")).toBe(
      "no-such-file.md is not current; run: node config/reference-page.ts --write",
    );
  });
});
