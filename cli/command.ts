import { type ParseArgsConfig, parseArgs } from "node:util";

/** A command of the `breakeven` program. `run` answers with the exit code. */
export interface Command {
  readonly summary: string;
  run(args: readonly string[]): Promise<number>;
}

/** The caller's mistake: exit code 2. Anything else that is thrown is exit code 1. */
export class UsageError extends Error {}

/** `parseArgs`, for which an unknown or broken option is the caller's mistake. Throws `UsageError`. */
export function parsedArgs<Options extends ParseArgsConfig>(config: Options): ReturnType<typeof parseArgs<Options>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
