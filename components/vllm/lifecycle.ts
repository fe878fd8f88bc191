import type { types } from "@pulumi/kubernetes";

/** The endpoint leaves the Service before vLLM is told to stop. */
export const PRE_STOP_SECONDS = 15;
/** vLLM finishes running requests; what is still open then is aborted and retried by the gateway. */
export const SHUTDOWN_SECONDS = 45;
/** Workers and GPU contexts go away. */
export const TEARDOWN_SECONDS = 15;
/** What Kubernetes waits before it kills: all three, one after the other. */
export const GRACE_SECONDS = PRE_STOP_SECONDS + SHUTDOWN_SECONDS + TEARDOWN_SECONDS;

const PROBE_PERIOD_SECONDS = 10;
/** Compilation, CUDA graphs and warm-up, whatever the size. */
const FIXED_START_SECONDS = 600;
/** A slow day: 0.1 GiB/s from the model hub and onto the GPUs. */
const SECONDS_PER_GIB = 10;
/** A new GPU node and the image, before the container starts. */
const NODE_AND_IMAGE_SECONDS = 900;

/** How long a replica may take from container start to the first answer. */
export const startupSeconds = (filesGiB: number): number => FIXED_START_SECONDS + Math.ceil(filesGiB) * SECONDS_PER_GIB;

/** How long a rollout may make no progress. Replicas go one after the other, each is progress. */
export const progressDeadlineSeconds = (filesGiB: number): number => startupSeconds(filesGiB) + NODE_AND_IMAGE_SECONDS;

const health = { httpGet: { path: "/health", port: "http" } };

/**
 * `/health` needs no key, unlike `/v1/models`, and the HTTP server starts after the engine. Liveness is patient: long
 * prompts keep the event loop busy, and a restart costs minutes.
 */
export const probes = (filesGiB: number) =>
  ({
    startupProbe: {
      ...health,
      periodSeconds: PROBE_PERIOD_SECONDS,
      timeoutSeconds: 5,
      failureThreshold: Math.ceil(startupSeconds(filesGiB) / PROBE_PERIOD_SECONDS),
    },
    readinessProbe: { ...health, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 },
    livenessProbe: { ...health, periodSeconds: PROBE_PERIOD_SECONDS, timeoutSeconds: 10, failureThreshold: 6 },
  }) satisfies Partial<types.input.core.v1.Container>;
