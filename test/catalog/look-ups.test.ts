import { describe, expect, it } from "vitest";
import { loadCatalog } from "../../catalog/load.ts";

const catalog = loadCatalog();
const reasonOf = (answer: { readonly ok: boolean; readonly reason?: string }): string =>
  answer.ok ? "found" : (answer.reason ?? "");

describe("look-ups by name", () => {
  it("accept any case and every alias", () => {
    expect(catalog.gpu("h100-sxm")).toMatchObject({ value: { name: "H100-SXM" } });
    expect(catalog.gpu("NVIDIA-A100-SXM4-80GB")).toMatchObject({ value: { name: "A100-80-SXM" } });
    expect(catalog.model("meta-llama/Llama-3.1-8B-Instruct")).toMatchObject({ value: { name: "Llama-3.1-8B" } });
    expect(catalog.model("deepseek-r1")).toMatchObject({ value: { name: "DeepSeek-V3/R1" } });
    expect(catalog.instanceType("P5.48XLARGE")).toMatchObject({ value: { name: "p5.48xlarge" } });
    expect(catalog.apiModel("OpenAI/gpt-4o-mini")).toMatchObject({ value: { name: "openai/gpt-4o-mini" } });
  });

  it("find every row by its own name", () => {
    for (const { name } of catalog.gpus) expect(catalog.gpu(name), name).toMatchObject({ value: { name } });
    for (const { name } of catalog.models) expect(catalog.model(name), name).toMatchObject({ value: { name } });
    for (const { name } of catalog.apiModels) expect(catalog.apiModel(name), name).toMatchObject({ value: { name } });
    for (const row of catalog.offerings)
      expect(catalog.offering(row.region, row.instanceType, row.purchase)).toEqual({ ok: true, value: row });
    for (const row of catalog.services) expect(catalog.service(row.sku, row.region)).toEqual({ ok: true, value: row });
  });

  it.each([
    ["GPU", reasonOf(catalog.gpu("H100")), 'unknown GPU "H100"; nearest known: H100-SXM, H100-PCIe, H100-NVL'],
    ["GPU", reasonOf(catalog.gpu("V100")), 'unknown GPU "V100"; none of the 22 known names is near'],
    [
      "model",
      reasonOf(catalog.model("Llama-3.1-9B")),
      'unknown model "Llama-3.1-9B"; nearest known: Llama-3.1-8B, Llama-3.1-70B, Llama-3.1-405B',
    ],
    [
      "instance type",
      reasonOf(catalog.instanceType("p5.24xlarge")),
      'unknown instance type "p5.24xlarge"; nearest known: p5.4xlarge, g5.24xlarge, p5.48xlarge',
    ],
    [
      "API model",
      reasonOf(catalog.apiModel("gpt-4o")),
      'unknown API model "gpt-4o"; nearest known: openai/gpt-4o, openai/gpt-4o-mini',
    ],
    [
      "service",
      reasonOf(catalog.service("nlb-hours", "us-east-1")),
      'unknown service "nlb-hours"; nearest known: nlb-hour, alb-hour',
    ],
  ])("name the nearest %s where there is one", (_what, reason, expected) => {
    expect(reason).toBe(expected);
  });
});

describe("prices of offerings", () => {
  it("are missing with the nearest type when the type is unknown", () => {
    expect(reasonOf(catalog.offering("us-east-1", "g5.xlrge", "on-demand"))).toBe(
      'unknown instance type "g5.xlrge"; nearest known: g5.xlarge, g5.2xlarge, g5.4xlarge',
    );
  });

  it("are missing with the known regions when the type has none in this one", () => {
    expect(reasonOf(catalog.offering("eu-west-1", "p4de.24xlarge", "spot"))).toBe(
      "no price of p4de.24xlarge in eu-west-1; known regions: us-east-1, us-west-2, eu-central-1, ap-northeast-1",
    );
  });

  it("are missing with the known purchase options, and the regions that have the wanted one", () => {
    expect(reasonOf(catalog.offering("us-east-1", "g4dn.12xlarge", "spot"))).toBe(
      "no spot price of g4dn.12xlarge in us-east-1; priced there: on-demand, commit-1y",
    );
    expect(reasonOf(catalog.offering("us-east-2", "p5e.48xlarge", "on-demand"))).toBe(
      "no on-demand price of p5e.48xlarge in us-east-2; priced there: spot, capacity-block",
    );
    expect(reasonOf(catalog.offering("us-west-2", "p5.48xlarge", "commit-3y"))).toBe(
      "no commit-3y price of p5.48xlarge in us-west-2; priced there: on-demand, spot, capacity-block; commit-3y is priced in us-east-1",
    );
  });
});

describe("prices of services", () => {
  it("hold everywhere when their region is all", () => {
    expect(catalog.service("eks-auto-mode-fraction", "ap-south-1")).toMatchObject({
      ok: true,
      value: { region: "all", usd: 0.12 },
    });
  });

  it("are never taken from another region", () => {
    expect(catalog.service("nat-gateway-hour", "eu-west-1")).toMatchObject({
      value: { region: "eu-west-1", usd: 0.048 },
    });
    expect(reasonOf(catalog.service("nlb-hour", "eu-west-1"))).toBe(
      "no price of nlb-hour in eu-west-1; known regions: us-east-1",
    );
  });
});
