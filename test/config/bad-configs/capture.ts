import { endpointStore, hybrid, onPrem } from "../bases.ts";
import type { BadConfig } from "./bad-config.ts";

const at = (path: string, message: string): string => `breakeven:platform.${path}: ${message}`;

export const capture: readonly BadConfig[] = [
  {
    name: "captured answers of a restricted task",
    base: onPrem,
    changes: { "tasks.summaries.capture": { share: 0.1 }, "gateway.captureStore": endpointStore },
    lines: [at("tasks.summaries.capture", 'keeps answers and tasks.summaries.dataClass is "restricted"; remove it')],
  },
  {
    name: "captured answers without a store",
    base: hybrid,
    changes: { "tasks.chat.capture": { share: 0.1 } },
    lines: [
      at(
        "tasks.chat.capture",
        "has nowhere to keep answers: gateway.captureStore is missing; add it, or remove the capture",
      ),
    ],
  },
  {
    name: "a store nobody fills",
    base: hybrid,
    changes: { "gateway.captureStore": { kind: "s3" } },
    lines: [at("gateway.captureStore", "stays empty: no task has tasks.<task>.capture; add one, or remove the store")],
  },
  {
    name: "a bucket in AWS for a cluster elsewhere",
    base: onPrem,
    changes: {
      "tasks.summaries.dataClass": "internal",
      "tasks.summaries.apiModel": "openai/gpt-6.1-terra",
      "tasks.summaries.capture": { share: 0.1 },
      "gateway.captureStore": { kind: "s3" },
    },
    lines: [
      at("gateway.captureStore.kind", '"s3" makes a bucket in AWS and cluster.kind is "existing"; use "endpoint"'),
    ],
  },
  {
    name: "impossible shares, retention and stores",
    base: hybrid,
    changes: {
      "tasks.chat.capture": { share: 10 },
      "gateway.captureStore": { ...endpointStore, url: "http://s3.example.internal", bucket: "No", retentionDays: 0 },
    },
    lines: [
      at("tasks.chat.capture.share", "10 is not allowed; expected a number from 0 to 1"),
      at(
        "gateway.captureStore.url",
        '"http://s3.example.internal" is not allowed; expected an address such as "https://s3.example.internal"',
      ),
      at("gateway.captureStore.bucket", '"No" is not allowed; expected the name of a bucket such as "answers"'),
      at("gateway.captureStore.retentionDays", "0 is not allowed; expected a whole number from 1 to 3650"),
    ],
  },
  {
    name: "a store without prices",
    base: hybrid,
    changes: {
      "tasks.chat.capture": { share: 1 },
      "gateway.captureStore": { ...endpointStore, usdPerGBMonth: undefined, source: undefined },
    },
    lines: [
      at(
        "gateway.captureStore.usdPerGBMonth",
        "is missing; expected a number of at least 0 (price of keeping a gigabyte for a month; zero must be said)",
      ),
      at(
        "gateway.captureStore.source",
        "is missing; expected text of 1 to 500 characters (where the figure comes from, e.g. a quote number or a price-list address)",
      ),
    ],
  },
];
