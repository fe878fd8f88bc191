import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { drawn } from "./canvas.ts";
import type { Report } from "./document.ts";
import { page } from "./page/page.ts";
import type { Question } from "./question.ts";
import { isCompared } from "./verdict.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const FONT = "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2";

/** The page's script: the charts and the economics that made the report, in one file. */
function script(): string {
  const { outputFiles } = buildSync({
    entryPoints: [here("browser/main.ts")],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2022",
    legalComments: "none",
  });
  return (outputFiles[0]?.text ?? "").replaceAll("</script", "<\\/script").trim();
}

/** The report as one HTML page with everything inside. */
export function reportHtml(report: Report, question: Question): string {
  const { results } = report;
  const code = script();
  return page(report, question, {
    style: readFileSync(here("page/style.css"), "utf8"),
    script: code,
    scriptHash: createHash("sha256").update(code).digest("base64"),
    font: readFileSync(fileURLToPath(import.meta.resolve(FONT))).toString("base64"),
    draw: (name) => (isCompared(results) ? drawn(name, results).join("\n") : ""),
  });
}
