import { existsSync, readdirSync } from "node:fs";
import { defineConfig, type TestProjectConfiguration } from "vitest/config";

const LIVE_DIR = "test/live";
/** Suites to leave out for a quick loop, by name: `BREAKEVEN_SKIP=cluster,gateway npm test`. */
const skipped = new Set((process.env.BREAKEVEN_SKIP ?? "").split(","));
/** Every folder of test/live is a suite on real servers, with a `setup.ts` that obtains and starts them. */
const liveSuites = existsSync(LIVE_DIR) ? readdirSync(LIVE_DIR).sort() : [];

function suite(name: string, groupOrder: number, dir: string, setup: string): TestProjectConfiguration {
  return {
    test: {
      name,
      include: [`${dir}/**/*.test.ts`],
      exclude: name === "unit" ? [`${LIVE_DIR}/**`] : [],
      globalSetup: existsSync(setup) ? [setup] : [],
      testTimeout: 120_000,
      hookTimeout: 120_000,
      // Suites run one after the other: servers and processes of one do not slow down those of another.
      sequence: { groupOrder },
      // And so do files of a suite on real servers.
      fileParallelism: name === "unit",
    },
  };
}

export default defineConfig({
  test: {
    projects: ["unit", ...liveSuites]
      .filter((name) => !skipped.has(name))
      .map((name, order) =>
        name === "unit"
          ? suite(name, order, "test", "test/engine.setup.ts")
          : suite(name, order, `${LIVE_DIR}/${name}`, `${LIVE_DIR}/${name}/setup.ts`),
      ),
  },
});
