import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AS_STATED, type WhatIf } from "../../../economics/what-if.ts";
import { reportHtml } from "../../../report/html.ts";
import { SLIDERS } from "../../../report/page/what-if.ts";
import { asked } from "../../../report/question.ts";
import { percentText, times, usdText } from "../../../report/text.ts";
import { isCompared } from "../../../report/verdict.ts";
import { reportOf } from "../../report/stacks.ts";
import { launchChromium } from "./chromium.ts";

const AXE = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
const COMPARED = ["prod", "overbuilt", "onprem"];
const folder = mkdtempSync(join(tmpdir(), "breakeven-page-"));
const reports = new Map(["prod", "overbuilt", "onprem", "dev"].map((stack) => [stack, reportOf(stack)]));

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
  for (const [stack, { report, question }] of reports)
    writeFileSync(join(folder, `${stack}.html`), reportHtml(report, question));
});
afterAll(() => browser.close());

const reportNamed = (stack: string) => {
  const found = reports.get(stack);
  if (found === undefined) throw new Error(stack);
  return found;
};

interface Opened {
  readonly page: Page;
  /** What the page said on the console, threw or asked of a network. */
  readonly noise: readonly string[];
}

/** The page of a stack, opened from disk. */
async function open(stack: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const noise: string[] = [];
  const file = pathToFileURL(join(folder, `${stack}.html`)).href;
  page.on("console", (message) => noise.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => noise.push(`thrown: ${error.message}`));
  page.on("request", (request) => {
    if (request.url() !== file && !request.url().startsWith("data:")) noise.push(`asked for ${request.url()}`);
  });
  await page.goto(file);
  // The script draws the charts anew at the width they have.
  if (options.javaScriptEnabled !== false && stack !== "dev")
    await page.waitForFunction(() => document.querySelector("#outcome strong") !== null);
  return { page, noise };
}

/** The figures at the top of the page, by name. */
async function figures(page: Page): Promise<Readonly<Record<string, string>>> {
  const entries = await page.$$eval(".figures div", (nodes) =>
    nodes.map((node) => [node.querySelector("dt")?.textContent ?? "", node.querySelector("strong")?.textContent ?? ""]),
  );
  return Object.fromEntries(entries);
}

/** What the top of the page must say about these results. */
function expectedFigures(results: ReturnType<typeof asked>): Readonly<Record<string, string>> {
  if (!isCompared(results)) throw new Error(results.verdict);
  const { owning, staying, savingUsdPerMonth, risk, breakEven, utilization } = results;
  return {
    Owning: usdText(owning.usdPerMonth),
    "Staying on the API": usdText(staying.usdPerMonth),
    [savingUsdPerMonth >= 0 ? "Owning saves" : "Owning costs more"]: usdText(Math.abs(savingUsdPerMonth)),
    "Chance that owning is cheaper": percentText(risk.probabilityOwningIsCheaper),
    "Break-even": breakEven.reached ? times(breakEven.volume) : "never",
    "Fleet in use": percentText(utilization),
  };
}

const verdict = (page: Page): Promise<string | null> => page.getAttribute("#verdict", "data-verdict");

/** Moves a slider to one of its stops with the keyboard, and waits until the page shows the answer. */
async function slide(page: Page, input: keyof WhatIf, value: number): Promise<void> {
  const stops = SLIDERS.find((slider) => slider.input === input)?.stops ?? [];
  const target = stops.indexOf(value);
  const at = Number(await page.inputValue(`#${input}`));
  await page.focus(`#${input}`);
  for (let step = 0; step < Math.abs(target - at); step++)
    await page.keyboard.press(target > at ? "ArrowRight" : "ArrowLeft");
  await page.waitForFunction(
    ({ input: name, value: wanted }) =>
      (JSON.parse(document.documentElement.dataset["whatIf"] ?? "{}") as Record<string, number>)[name] === wanted,
    { input, value },
  );
}

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    type Axe = { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> };
    const { axe } = globalThis as unknown as { axe: Axe };
    const found = await axe.run();
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 120)} ${failureSummary}`),
    );
  });
}

describe("the page of a report, opened from disk", () => {
  it.each([...reports.keys()])("is silent and asks for nothing: %s", async (stack) => {
    const { page, noise } = await open(stack);
    await page.waitForTimeout(300);
    expect(noise).toEqual([]);
    expect(await verdict(page)).toBe(reportNamed(stack).report.results.verdict);
  });

  it.each(COMPARED)("has the figures of the JSON: %s", async (stack) => {
    const { results } = reportNamed(stack).report;
    if (!isCompared(results)) throw new Error(results.verdict);
    const { page } = await open(stack);
    expect(await figures(page)).toEqual(expectedFigures(results));
    const bill = await page.$$eval("#bill table:first-of-type tbody tr", (rows) =>
      rows.map((row) => [row.querySelector("th")?.textContent, row.querySelector(".figure")?.textContent]),
    );
    expect(bill.slice(0, results.owning.lines.length)).toEqual(
      results.owning.lines.map(({ label, usdPerMonth }) => [label, usdText(usdPerMonth)]),
    );
    expect(await page.$$eval("#months tbody tr", (rows) => rows.length)).toBe(results.months.length);
    expect(await page.$$eval("#evidence div:last-of-type tbody tr", (rows) => rows.length)).toBe(results.prices.length);
  });

  it("has charts and figures where JavaScript is off", async () => {
    const { page } = await open("prod", { javaScriptEnabled: false });
    expect(await page.locator("svg.chart:visible").count()).toBe(6);
    expect(await page.locator("noscript").count()).toBe(1);
    expect(await page.locator(".figures strong").first().textContent()).toBe("$38,439");
  });

  it("draws its charts as wide as they stand, and again when that changes", async () => {
    const { page } = await open("prod", { viewport: { width: 1280, height: 900 } });
    const widths = () =>
      page.$$eval("svg.chart", (images) => images.map((image) => image.getBoundingClientRect().width));
    const slot = () => page.$eval(".images", (node) => Math.floor(node.getBoundingClientRect().width));
    expect(new Set(await widths())).toEqual(new Set([await slot()]));
    await page.setViewportSize({ width: 380, height: 800 });
    await page.waitForTimeout(300);
    expect(new Set(await widths())).toEqual(new Set([await slot()]));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(380);
  });
});

describe("the sliders", () => {
  it("turn the verdict, and every figure is what Node computes for the same inputs", async () => {
    const { question, report } = reportNamed("prod");
    const { page, noise } = await open("prod");
    const changes: readonly Partial<WhatIf>[] = [
      { traffic: 0.5 },
      { gpuPrice: 0.4 },
      { apiPrice: 1.75 },
      { peopleHours: 3 },
      { traffic: 4 },
    ];
    let change = AS_STATED;
    const verdicts = new Set<string | null>([await verdict(page)]);
    for (const step of changes) {
      change = { ...change, ...step };
      for (const [input, value] of Object.entries(step)) await slide(page, input as keyof WhatIf, value);
      const expected = asked(question, change);
      expect(await figures(page)).toEqual(expectedFigures(expected));
      expect(await verdict(page)).toBe(expected.verdict);
      expect(await page.textContent("h1")).toBe(expected.sentence);
      verdicts.add(await verdict(page));
    }
    expect([...verdicts]).toEqual(expect.arrayContaining(["pass", "block"]));
    expect(await page.textContent("#outcome")).toContain("saved by owning");

    await page.click("#reset");
    await page.waitForFunction(() => document.documentElement.dataset["whatIf"]?.includes('"traffic":1,'));
    expect(await figures(page)).toEqual(expectedFigures(report.results));
    expect(await page.locator("#reset").isDisabled()).toBe(true);
    expect(noise).toEqual([]);
  });

  it("turn a blocked plan into one that passes", async () => {
    const { page } = await open("overbuilt");
    expect(await verdict(page)).toBe("block");
    await slide(page, "traffic", 5);
    expect(await verdict(page)).toBe("pass");
    expect(await page.textContent("#traffic-meaning")).toBe("3M requests/day");
    expect(await page.getAttribute("#traffic", "aria-valuetext")).toBe("×5, 3M requests/day");
  });

  it("leave open what the reader unfolded, and move the charts", async () => {
    const { page } = await open("prod");
    await page.click("#bill summary");
    const before = await page.getAttribute("#volume svg.chart", "aria-label");
    await slide(page, "apiPrice", 0.5);
    expect(await page.$eval("#bill details", (details) => (details as HTMLDetailsElement).open)).toBe(true);
    expect(await page.getAttribute("#volume svg.chart", "aria-label")).not.toBe(before);
  });
});

describe("a reader", () => {
  it.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 380],
    ["dark", 380],
  ] as const)("meets no barrier that axe-core knows: %s, %i px", async (colorScheme, width) => {
    for (const stack of ["prod", "overbuilt", "dev"]) {
      const { page } = await open(stack, { colorScheme, viewport: { width, height: 900 } });
      for (const summary of await page.locator("summary").all()) await summary.click();
      expect(await violations(page)).toEqual([]);
    }
  });

  it("reaches every control with the keyboard, and sees where she is", async () => {
    const { page } = await open("prod");
    const reached = new Set<string>();
    for (let step = 0; step < 60; step++) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(() => {
        const { activeElement } = document;
        if (!(activeElement instanceof HTMLElement) || activeElement === document.body) return undefined;
        const shown = activeElement.closest("label") ?? activeElement;
        const name =
          activeElement.id ||
          `${activeElement.tagName} ${activeElement.closest("section")?.id ?? activeElement.getAttribute("name")}`;
        return { name, outline: getComputedStyle(shown).outlineStyle };
      });
      if (at === undefined) break;
      expect([at.name, at.outline]).not.toEqual([at.name, "none"]);
      reached.add(at.name);
    }
    await slide(page, "traffic", 2);
    for (const name of [...SLIDERS.map(({ input }) => input), "INPUT theme", "SUMMARY bill", "SUMMARY tornado"])
      expect([...reached]).toContain(name);
    await page.focus("#peopleHours");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("reset");
  });

  it("chooses light or dark, whatever the system says", async () => {
    const { page } = await open("prod", { colorScheme: "light" });
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.check('input[value="dark"]');
    expect(await background()).not.toBe(light);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.check('input[value="light"]');
    expect(await background()).toBe(light);
  });

  it("prints the charts and the bill on white paper, without the controls", async () => {
    const { page, noise } = await open("prod", { colorScheme: "dark" });
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".what-if").isVisible()).toBe(false);
    expect(await page.locator(".theme").isVisible()).toBe(false);
    expect(await page.locator("#bill table").first().isVisible()).toBe(true);
    expect(await page.locator("svg.chart:visible").count()).toBe(6);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(255, 255, 255)");
    const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
    const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(pages).toBeGreaterThan(1);
    expect(pages).toBeLessThan(10);
    expect(noise).toEqual([]);
  });
});
