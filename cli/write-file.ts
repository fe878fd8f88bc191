import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";

/** A place that cannot be written to: the caller's to mend. */
export class UnwritableError extends Error {}

/**
 * Writes a file as a whole: beside its place first, then renamed, so that nobody ever reads half of it and a failure
 * leaves what was there. Devices and pipes are written to directly. Throws UnwritableError with the file's name and the cause.
 */
export function writeFile(file: string, content: string | Uint8Array): void {
  const there = statSync(file, { throwIfNoEntry: false });
  const draft = `${file}.${process.pid}.tmp`;
  try {
    if (there !== undefined && !there.isFile() && !there.isDirectory()) return writeFileSync(file, content);
    writeFileSync(draft, content);
    renameSync(draft, file);
  } catch (error) {
    if (statSync(draft, { throwIfNoEntry: false }) !== undefined) rmSync(draft);
    const { code } = error as NodeJS.ErrnoException;
    throw new UnwritableError(`cannot write ${file}: ${REASONS[code ?? ""] ?? (error as Error).message}`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "its folder does not exist; create it, or write elsewhere",
  EISDIR: "it is a folder; give the name of a file in it",
  EACCES: "permission denied; write elsewhere",
  EPERM: "permission denied; write elsewhere",
  EROFS: "the disk is read-only; write elsewhere",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of its path is a file, not a folder",
};
