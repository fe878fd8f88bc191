import type { Task } from "./task.ts";
import { BYTES_PER_GB, BYTES_PER_TOKEN } from "./units.ts";

/** Field names, id, time and target around the text of one record. */
const BYTES_PER_RECORD = 400;

/** What one request of a task adds to the store, on average: records and their size before they are compressed. */
export interface CapturedAnswers {
  readonly answers: number;
  readonly gigabytes: number;
}

/** Every request of the task has an answer here, which is the most there can be. */
export function capturedAnswers({
  capture,
  inputTokensPerRequest,
  outputTokensPerRequest,
}: Pick<Task, "capture" | "inputTokensPerRequest" | "outputTokensPerRequest">): CapturedAnswers {
  const answers = capture?.share ?? 0;
  const bytes = (inputTokensPerRequest + outputTokensPerRequest) * BYTES_PER_TOKEN + BYTES_PER_RECORD;
  return { answers, gigabytes: (answers * bytes) / BYTES_PER_GB };
}
