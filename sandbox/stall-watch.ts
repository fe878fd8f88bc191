/**
 * Ends a run whose program has failed where nobody waits for it, in a callback of `apply`. A program in a process of
 * its own simply ends then; one inside this process would leave the engine waiting for resources that never come.
 */
export class StallWatch {
  /** Set off when the program has failed and the engine has been silent since. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  private readonly controller = new AbortController();
  private readonly quietMs: number;
  private hasFailed = false;
  private timer: NodeJS.Timeout | undefined;

  /** @param quietMs how long the rest of the program may take for its next step */
  constructor(quietMs = 2000) {
    this.quietMs = quietMs;
    process.on("unhandledRejection", this.onFailure);
    process.on("uncaughtException", this.onFailure);
  }

  /** To be called on every event of the engine. */
  onActivity(): void {
    clearTimeout(this.timer);
    if (this.hasFailed) this.timer = setTimeout(() => this.controller.abort(), this.quietMs);
  }

  close(): void {
    clearTimeout(this.timer);
    process.off("unhandledRejection", this.onFailure);
    process.off("uncaughtException", this.onFailure);
  }

  private readonly onFailure = (): void => {
    this.hasFailed = true;
    this.onActivity();
  };
}
