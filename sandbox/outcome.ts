/** What came out of a preview or an update, read from the engine's events. */

import { stripVTControlCharacters } from "node:util";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

export interface Violation {
  policy: string;
  /** `mandatory` stops the deployment, `advisory` is a warning. */
  enforcement: "mandatory" | "advisory";
  message: string;
  /** The resource it is about; the stack itself for policies on the whole stack. */
  urn?: string;
}

export interface Outcome {
  /** `blocked` means that mandatory policies, and nothing else, stopped it. */
  verdict: "ok" | "blocked" | "failed";
  /** Everything the engine printed. */
  text: string;
  violations: Violation[];
  /** Errors other than policy violations. */
  errors: string[];
  /** Number of resources by operation: `{create: 12}`. */
  changes: Record<string, number>;
  seconds: number;
}

/** What the engine reports after any failure, policy violations included. */
const CONSEQUENCE = /^(preview|update) failed$/;

/** Gathers an outcome while the engine runs. */
export class OutcomeRecorder {
  private readonly startedAt = performance.now();
  private readonly violations: Violation[] = [];
  private readonly errors: string[] = [];
  private changes: Record<string, number> = {};
  private text = "";

  onOutput(chunk: string): void {
    this.text += chunk;
  }

  onEvent(event: EngineEvent): void {
    const { policyEvent, diagnosticEvent, summaryEvent } = event;
    if (policyEvent) {
      this.violations.push({
        policy: policyEvent.policyName,
        enforcement: policyEvent.enforcementLevel === "mandatory" ? "mandatory" : "advisory",
        message: plain(policyEvent.message),
        urn: policyEvent.resourceUrn,
      });
    }
    if (diagnosticEvent?.severity === "error") {
      const message = plain(diagnosticEvent.message);
      if (!CONSEQUENCE.test(message)) this.errors.push(message);
    }
    if (summaryEvent) this.changes = { ...(summaryEvent.resourceChanges as Record<string, number>) };
  }

  /** @param error what the engine's process failed with; undefined when it succeeded */
  finish(error?: Error): Outcome {
    const { violations, errors, changes, text } = this;
    const seconds = (performance.now() - this.startedAt) / 1000;
    const isBlocked = errors.length === 0 && violations.some(({ enforcement }) => enforcement === "mandatory");
    const verdict = !error ? "ok" : isBlocked ? "blocked" : "failed";
    // An engine that cannot even start, or lacks its policy pack, sends no events.
    if (verdict === "failed" && errors.length === 0)
      errors.push(/^error: .*$/m.exec(error?.message ?? "")?.[0] ?? `${error}`);
    return { verdict, text, violations, errors, changes, seconds };
  }
}

const plain = (message: string): string => stripVTControlCharacters(message.replaceAll(/<\{%.*?%\}>/g, "")).trim();
