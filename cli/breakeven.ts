import { capacity } from "./capacity.ts";
import { check } from "./check.ts";
import { type Command, UsageError } from "./command.ts";
import { imagesCommand } from "./images.ts";
import { measure } from "./measure.ts";
import { plan } from "./plan.ts";
import { prices } from "./prices.ts";
import { recheck } from "./recheck.ts";
import { report } from "./report.ts";
import { sources } from "./sources.ts";

const COMMANDS: Readonly<Record<string, Command>> = {
  check,
  plan,
  report,
  capacity,
  measure,
  prices,
  recheck,
  sources,
  images: imagesCommand,
};

const HELP = `Rent or own? What language models cost on hardware of your own, against the API.

Usage: breakeven <command> [options]

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`)
  .join("\n")}

breakeven <command> --help shows a command's options.
`;

/** A reader that has seen enough, as in `breakeven capacity --cases f.csv | head`, is no error. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

/** Exit codes: 0 done, 1 no answer, 2 wrong usage. */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "help") {
    process.stdout.write(HELP);
    return name === undefined ? 2 : 0;
  }
  const command = COMMANDS[name];
  try {
    if (command === undefined)
      throw new UsageError(`unknown command "${name}"; known: ${Object.keys(COMMANDS).join(", ")}`);
    return await command.run(rest);
  } catch (error) {
    process.stderr.write(`breakeven: ${(error as Error).message}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}
