import type { PlatformInput } from "../../../config/platform.ts";
import type { Changes } from "../bases.ts";

/** A good config, what is changed in it, and every line a user then reads, in order. */
export interface BadConfig {
  /** Completes "refuses …". */
  readonly name: string;
  readonly base: PlatformInput;
  readonly changes: Changes;
  readonly lines: readonly string[];
}
