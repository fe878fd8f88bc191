import { cheaperThanApi } from "./cheaper-than-api.ts";
import { type OwnerSettings, ownerSettings } from "./owner-settings.ts";
import { policies } from "./policies.ts";

/** Keys of a pack's configuration that name no policy: an enforcement level for all of them, and environments to read. */
const OTHER_KEYS = ["all", "environments"];

/**
 * What a pack's configuration file pins for the verdict, which is that of `cheaper-than-api`. Throws for what the engine
 * would refuse there, and for policies the pack does not have: their settings would silently hold for nothing.
 */
export function verdictSettings(text: string): OwnerSettings {
  if (text.trim() === "") return ownerSettings({});
  const config: unknown = JSON.parse(text);
  if (typeof config !== "object" || config === null || Array.isArray(config))
    throw new Error("expected an object with the settings of each policy");
  const known = [...policies.map(({ name }) => name), ...OTHER_KEYS];
  const unknown = Object.keys(config).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new Error(`no policy is named ${unknown.join(", ")}; known: ${known.join(", ")}`);
  const settings: unknown = (config as Record<string, unknown>)[cheaperThanApi.name] ?? {};
  if (typeof settings === "string") return ownerSettings({});
  if (typeof settings !== "object" || settings === null)
    throw new Error(`${cheaperThanApi.name}: expected settings or an enforcement level`);
  return ownerSettings(settings);
}
