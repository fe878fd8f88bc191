import { launchChromium } from "./chromium.ts";

/** Obtains a browser once, with progress, and sees it start before any test needs it. */
export async function setup(): Promise<void> {
  const browser = await launchChromium();
  await browser.close();
}
