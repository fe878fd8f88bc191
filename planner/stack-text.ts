import { type Document, parseDocument } from "yaml";
import type { PlatformConfig } from "../config/platform.ts";
import { CONFIG_KEY } from "../config/problems.ts";
import type { Slo } from "../economics/serving.ts";
import { type Group, planParts } from "./candidate.ts";

function setTask(document: Document, task: string, selfHosted: readonly object[] | undefined): void {
  const path = ["config", CONFIG_KEY, "tasks", task, "selfHosted"];
  if (selfHosted === undefined) document.deleteIn(path);
  else document.setIn(path, document.createNode(selfHosted));
}

/** A stack file with its pools, models and shares replaced by those of a plan; everything else, comments included, stays. */
export function stackText(source: string, groups: readonly Group[], base: PlatformConfig, slo: Slo): string {
  const document = parseDocument(source);
  const { region, pools, models, selfHosted } = planParts(groups, base, slo);
  const at = (...path: string[]) => ["config", CONFIG_KEY, ...path];
  if (region !== "") document.setIn(at("cluster", "region"), region);
  document.setIn(at("pools"), document.createNode(pools));
  document.setIn(at("models"), document.createNode(models));
  for (const task of Object.keys(base.tasks)) setTask(document, task, selfHosted[task]);
  return document.toString({ lineWidth: 0 });
}
