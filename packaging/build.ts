/** Builds the npm package in dist/: JavaScript with types, as Node.js runs no TypeScript under node_modules. */

import { execFileSync } from "node:child_process";
import { copyFileSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const HELP = `Builds the npm package of the components, the test kit and the policy pack.

Usage: npm run package [-- options]

  --out DIR   where (default: dist)
  --help

Then: npm pack ./dist, or npm install <repository>/dist in the project that uses it.
`;

const ROOT_DIR = fileURLToPath(new URL("..", import.meta.url));

/** Read at run time, or by whoever looks at the package. */
const ASSETS = [
  "LICENSE",
  "CHANGELOG.md",
  "catalog/data/*",
  "components/**/*.py",
  "components/image-digests.json",
  "docs/components.md",
  "docs/testing.md",
  "policies/PulumiPolicy.yaml",
  "policies/package.json",
];

export function buildPackage(outDir: string): void {
  rmSync(outDir, { recursive: true, force: true });
  const tsc = join(ROOT_DIR, "node_modules", "typescript", "bin", "tsc");
  execFileSync(process.execPath, [tsc, "--project", "tsconfig.package.json", "--outDir", outDir], {
    cwd: ROOT_DIR,
    stdio: ["ignore", 2, 2],
  });
  for (const file of globSync(ASSETS, { cwd: ROOT_DIR })) {
    mkdirSync(dirname(join(outDir, file)), { recursive: true });
    copyFileSync(join(ROOT_DIR, file), join(outDir, file));
  }
  const entry = readFileSync(join(ROOT_DIR, "policies", "index.js"), "utf8");
  writeFileSync(join(outDir, "policies", "index.js"), entry.replace("./pack.ts", "./pack.js"));
  writeFileSync(join(outDir, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
}

/** Pulumi's SDKs come from the program that uses the package: two copies of them would not know each other. */
function manifest(): object {
  const { name, version, description, license, type, engines, dependencies, exports } = JSON.parse(
    readFileSync(join(ROOT_DIR, "package.json"), "utf8"),
  );
  const needed = Object.entries<string>(dependencies).filter(([dependency]) => LIBRARIES.test(dependency));
  const isPeer = ([dependency]: [string, string]) => dependency.startsWith("@pulumi/");
  const compiled = ([path, file]: [string, unknown]) => {
    const stem = String(file).replace(/\.ts$/, "");
    return [path, { types: `${stem}.d.ts`, default: `${stem}.js` }];
  };
  return {
    name,
    version,
    description,
    license,
    type,
    engines,
    exports: { ...Object.fromEntries(Object.entries(exports).map(compiled)), "./package.json": "./package.json" },
    dependencies: Object.fromEntries(needed.filter((entry) => !isPeer(entry))),
    peerDependencies: Object.fromEntries(needed.filter(isPeer).map(([dependency, exact]) => [dependency, `^${exact}`])),
  };
}

/** What the packaged modules import; the command line's and the reports' libraries are not. */
const LIBRARIES = /^(@pulumi\/.*|yaml|zod)$/;

if (import.meta.main) {
  const { values } = parseArgs({ options: { out: { type: "string", default: "dist" }, help: { type: "boolean" } } });
  if (values.help) process.stdout.write(HELP);
  else buildPackage(values.out);
}
