/** Signs of life for work that takes long, on standard error so that results stay clean. */

/** Writes one line. */
export type Log = (line: string) => void;

export const logToStderr: Log = (line) => void process.stderr.write(`${line}\n`);

/** True where escape codes reach a person who wants them. */
export function isColorful(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): boolean {
  return stream.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
}

/**
 * Runs `work` and reports the seconds that have passed: in place on a terminal, as a line every `everySeconds`
 * elsewhere, silent for work that is done before.
 */
export async function withProgress<T>(
  label: string,
  work: () => Promise<T>,
  { log = logToStderr, everySeconds = 10 }: { log?: Log; everySeconds?: number } = {},
): Promise<T> {
  const isLive = log === logToStderr && isColorful(process.stderr);
  const startedAt = performance.now();
  const seconds = (): number => Math.round((performance.now() - startedAt) / 1000);
  const tick = (): void => {
    if (isLive) process.stderr.write(`\r\u001b[K${label} (${seconds()} s)`);
    else log(`${label} (${seconds()} s)`);
  };
  const timer = setInterval(tick, isLive ? 1000 : everySeconds * 1000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (isLive) process.stderr.write("\r\u001b[K");
  }
}
