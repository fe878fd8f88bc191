import { spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Ends the server with its owner, however the owner ends: the shell's standard input closes then. A group of its own
 * keeps a terminal's Ctrl-C away, so that the owner decides about the order.
 */
const TETHER = 'exec 3<&0; "$0" "$@" 3<&- & server=$!; { read -r _ <&3; kill -KILL $server; } & wait $server';

/** A server in the background, with a log file of its own. */
export class ServerProcess {
  readonly name: string;
  private readonly logFile: string;
  private readonly exited: Promise<void>;
  private readonly release: () => void;
  private isRunning = true;

  constructor(name: string, executable: string, args: readonly string[], logDir: string) {
    this.name = name;
    this.logFile = join(logDir, `${name}.log`);
    const log = openSync(this.logFile, "a");
    const shell = spawn("sh", ["-c", TETHER, executable, ...args], { stdio: ["pipe", log, log], detached: true });
    this.release = () => {
      shell.ref();
      shell.stdin?.end();
    };
    this.exited = new Promise<void>((resolve) => {
      shell.on("error", () => resolve());
      shell.on("exit", () => resolve());
    }).then(() => {
      this.isRunning = false;
    });
    // Waited for by `stop` alone: a forgotten server is no reason to stay.
    shell.unref();
    (shell.stdin as unknown as { unref(): void }).unref();
  }

  /** Waits until `isReady`; throws with the end of the log when the server has ended or takes too long. */
  async untilReady(isReady: () => Promise<boolean>, timeoutMs = 60_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!(await isReady().catch(() => false))) {
      if (!this.isRunning) throw new Error(`${this.name} has ended:\n${this.logEnd()}`);
      if (performance.now() > deadline)
        throw new Error(`${this.name} is not ready after ${timeoutMs / 1000} s:\n${this.logEnd()}`);
      await sleep(100);
    }
  }

  async stop(): Promise<void> {
    this.release();
    await this.exited;
  }

  private logEnd(): string {
    return readFileSync(this.logFile, "utf8").trim().split("\n").slice(-8).join("\n");
  }
}
