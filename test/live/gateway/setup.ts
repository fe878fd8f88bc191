import { obtainObjectStore } from "../../../sandbox/gateway/object-store.ts";
import { obtainPython } from "../../../sandbox/gateway/python.ts";
import { obtainRedis } from "../../../sandbox/gateway/redis.ts";

/** Obtains the pinned LiteLLM Proxy and Redis once, with progress, before any test starts one. */
export async function setup(): Promise<void> {
  await obtainPython();
  await obtainRedis();
  await obtainObjectStore();
}
