import { describe, expect, it } from "vitest";
import { reportHtml } from "../../report/html.ts";
import { html } from "../../report/page/html.ts";
import { reportOf } from "./stacks.ts";

const MAX_BYTES = 1.5e6;

describe("the page", () => {
  const { report, question } = reportOf("prod");
  const page = reportHtml(report, question);

  it("is one file under 1.5 MB that loads nothing", () => {
    expect(Buffer.byteLength(page)).toBeLessThan(MAX_BYTES);
    const markup = page.replace(/<script[\s\S]*?<\/script>/g, "");
    expect(/(src|href)="(?!#)|@import|url\((?!data:)/.exec(markup)?.[0]).toBeUndefined();
    expect(/default-src &#39;none&#39;;/.exec(markup)?.[0]).toBeDefined();
  });

  it("has its charts and figures without JavaScript", () => {
    const markup = page.replace(/<script[\s\S]*?<\/script>/g, "");
    expect(markup.match(/<svg /g)?.length).toBe(6);
    expect(markup.includes("<strong>$38,439</strong>")).toBe(true);
  });

  it("carries the report as it is", () => {
    const [, json] = /<script type="application\/json" id="report">(.*?)<\/script>/.exec(page) ?? [];
    expect(JSON.parse(json ?? "")).toEqual(JSON.parse(JSON.stringify(report)));
  });

  it("lets nothing in the report become markup", () => {
    const hostile = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&";
    const results = { ...report.results, sentence: hostile };
    const subject = { kind: "declared", file: hostile } as const;
    const text = reportHtml({ ...report, subject, results, differences: [hostile] }, question);
    expect(/<script>alert|<img/.exec(text)?.[0]).toBeUndefined();
    expect(text.match(/<script/g)?.length).toBe(page.match(/<script/g)?.length);
  });

  it("exists for a plan without GPUs, and for one without prices", () => {
    const rent = reportOf("dev");
    expect(reportHtml(rent.report, rent.question).includes('data-verdict="rent"')).toBe(true);
    const { schema, today, terms } = report.results;
    const missing = [{ resource: 'eks NodeGroup "x"', reason: "unknown" }];
    const results = { schema, today, terms, sentence: "No verdict.", verdict: "unpriced", missing } as const;
    const text = reportHtml({ ...report, results }, question);
    expect(text.includes("eks NodeGroup &quot;x&quot;")).toBe(true);
    expect(text.includes('<form id="sliders"')).toBe(false);
  });
});

it("markup escapes what is put in, and leaves markup alone", () => {
  expect(`${html`<p>${"<&\"'"}${html`<b>${1}</b>`}${[html`<i>`, "<i>"]}${false}${undefined}</p>`}`).toBe(
    "<p>&lt;&amp;&quot;&#39;<b>1</b><i>&lt;i&gt;</p>",
  );
});
