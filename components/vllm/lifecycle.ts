import type { types } from "@pulumi/kubernetes";
import { containerSeconds, START_UP, type StartUp } from "../../config/start-up.ts";

/** The endpoint leaves the Service before vLLM is told to stop. */
export const PRE_STOP_SECONDS = 15;
/** vLLM finishes running requests; what is still open then is aborted and retried by the gateway. */
export const SHUTDOWN_SECONDS = 45;
/** Workers and GPU contexts go away. */
export const TEARDOWN_SECONDS = 15;
/** What Kubernetes waits before it kills: all three, one after the other. */
export const GRACE_SECONDS = PRE_STOP_SECONDS + SHUTDOWN_SECONDS + TEARDOWN_SECONDS;

const PROBE_PERIOD_SECONDS = 10;

/** How long a replica may take from container start to the first answer, unless the config says. */
export const startupSeconds = (start: StartUp, configured?: number): number =>
  configured ?? Math.ceil(containerSeconds(start) * START_UP.probeMargin);

/** How long a rollout may make no progress. Replicas go one after the other, each is progress. */
export const progressDeadlineSeconds = (start: StartUp, configured?: number): number =>
  Math.ceil((start.node + start.image) * START_UP.probeMargin) + startupSeconds(start, configured);

const health = { httpGet: { path: "/health", port: "http" } };

/**
 * `/health` needs no key, unlike `/v1/models`, and the HTTP server starts after the engine. Liveness is patient: long
 * prompts keep the event loop busy, and a restart costs minutes.
 */
export const probes = (start: StartUp, configured?: number) =>
  ({
    startupProbe: {
      ...health,
      periodSeconds: PROBE_PERIOD_SECONDS,
      timeoutSeconds: 5,
      failureThreshold: Math.ceil(startupSeconds(start, configured) / PROBE_PERIOD_SECONDS),
    },
    readinessProbe: { ...health, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 },
    livenessProbe: { ...health, periodSeconds: PROBE_PERIOD_SECONDS, timeoutSeconds: 10, failureThreshold: 6 },
  }) satisfies Partial<types.input.core.v1.Container>;
