/** A command of the `breakeven` program. `run` answers with the exit code. */
export interface Command {
  readonly summary: string;
  run(args: readonly string[]): Promise<number>;
}

/** The caller's mistake: exit code 2. Anything else that is thrown is exit code 1. */
export class UsageError extends Error {}
