/** Folders of things that take long to make, made once and kept. */

import { mkdirSync, renameSync, rmSync } from "node:fs";

/** Fills a folder of its own and moves it into place, so that an interrupted run leaves no half-filled folder behind. */
export async function fillFolder(root: string, fill: (partial: string) => Promise<unknown>): Promise<void> {
  const partial = `${root}.partial-${process.pid}`;
  try {
    mkdirSync(partial, { recursive: true });
    await fill(partial);
    rmSync(root, { recursive: true, force: true });
    renameSync(partial, root);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** The lines worth showing of what a command failed with. */
export function failureText(error: unknown): string {
  const { stderr, message } = error as Error & { stderr?: string };
  return (stderr || message).trim().split("\n").slice(-3).join("; ");
}
