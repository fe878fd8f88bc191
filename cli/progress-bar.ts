import { isColorful } from "../sandbox/progress.ts";

const WIDTH = 30;
const LINE_EVERY_MS = 10_000;
const FRAME_EVERY_MS = 100;

/** Shows a share of work done, 0 to 1: a bar on a terminal, a line now and then elsewhere. On standard error. */
export function progressBar(label: string): { show(share: number): void; end(): void } {
  const isLive = isColorful(process.stderr);
  let shownAt = performance.now();
  const percent = (share: number) => `${Math.floor(share * 100)} %`;
  return {
    show(share) {
      const now = performance.now();
      if (now - shownAt < (isLive ? FRAME_EVERY_MS : LINE_EVERY_MS)) return;
      shownAt = now;
      const bar = "█".repeat(Math.round(share * WIDTH)).padEnd(WIDTH, "░");
      process.stderr.write(isLive ? `\r\u001b[K${label} ${bar} ${percent(share)}` : `${label} ${percent(share)}\n`);
    },
    end() {
      if (isLive) process.stderr.write("\r\u001b[K");
    },
  };
}
