/** A process with the two FAKE servers of the bench: its work is not measured as that of whoever asks. */

import { FakeUpstream } from "../../sandbox/gateway/fake-upstream.ts";
import { ANSWER_EVENTS, type UpstreamOrder } from "./upstreams.ts";

async function serve(tell: (message: object) => void): Promise<void> {
  const answer = Array.from({ length: ANSWER_EVENTS }, (_, index) => `word${index}`);
  const [model, api] = [new FakeUpstream("model"), new FakeUpstream("api")];
  for (const upstream of [model, api]) {
    upstream.answer = [`from=${upstream.name}`, ...answer.slice(1)];
    await upstream.start();
    setInterval(() => {
      upstream.received.length = 0;
    }, 1000).unref();
  }
  process.on("message", async (order: UpstreamOrder) => {
    if ("kill" in order) await model.kill();
    else for (const upstream of [model, api]) upstream.tokenDelayMs = order.tokenDelayMs;
    tell({ done: true });
  });
  // Nobody is left to ask.
  process.on("disconnect", () => process.exit());
  tell({ model: model.url, api: api.url });
}

await serve((message) => process.send?.(message));
