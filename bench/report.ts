import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { judgedStacks } from "../cli/committed-stacks.ts";
import { REPORT_SCHEMA } from "../report/document.ts";
import { reportHtml } from "../report/html.ts";
import { answered } from "../report/question.ts";
import { launchChromium } from "../test/live/browser/chromium.ts";
import { TODAY } from "../test/policies/graphs.ts";
import type { Timing } from "./measure.ts";

const STACK = "Pulumi.prod.yaml";

/** The page of the production stack, from a read stack file to HTML. */
export function makePage(): string {
  const [stack] = judgedStacks([STACK], TODAY);
  if (stack === undefined) throw new Error(STACK);
  const { results, question } = answered(stack.input);
  const subject = { kind: "declared", file: STACK } as const;
  return reportHtml(
    { schema: REPORT_SCHEMA, subject, results, differences: [], measured: null, change: null },
    question,
  );
}

/** Time from the start of the navigation to the first content on screen, as Chromium states it, in a fresh context. */
async function firstPaint(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction("performance.getEntriesByName('first-contentful-paint').length > 0");
  const paint = await page.evaluate<number>("performance.getEntriesByName('first-contentful-paint')[0].startTime");
  await context.close();
  return paint;
}

/** Size of the page, and how soon a reader sees it. The page opens from disk. */
export async function pageFigures(rounds: number): Promise<{ readonly kilobytes: number; readonly paints: Timing }> {
  const html = makePage();
  const file = join(mkdtempSync(join(tmpdir(), "breakeven-bench-")), "report.html");
  writeFileSync(file, html);
  const browser = await launchChromium();
  try {
    const milliseconds: number[] = [];
    for (let round = 0; round < rounds; round++) milliseconds.push(await firstPaint(browser, pathToFileURL(file).href));
    return {
      kilobytes: Buffer.byteLength(html) / 1000,
      paints: { name: "report page, first contentful paint", milliseconds: milliseconds.toSorted((a, b) => a - b) },
    };
  } finally {
    await browser.close();
  }
}
