import { readFileSync } from "node:fs";
import { type OwnerSettings, ownerSettings } from "../policies/owner-settings.ts";

/** What the platform owner pinned for the verdict; nothing without a file. Throws for a file the policy pack would refuse. */
export async function ownerOf(file: string | undefined): Promise<OwnerSettings> {
  if (file === undefined) return ownerSettings({});
  // The policies take most of a second to load.
  const { verdictSettings } = await import("../policies/pack-config.ts");
  try {
    return verdictSettings(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}
