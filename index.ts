import * as pulumi from "@pulumi/pulumi";
import { loadCatalog } from "./catalog/load.ts";
import type { CaptureKey } from "./components/gateway/capture.ts";
import { Platform } from "./components/platform.ts";
import { deploymentFacts } from "./config/deployment-facts.ts";
import { gatewayTokenPrices } from "./config/gateway-prices.ts";
import { parsePlatformConfig, problemsText } from "./config/parse.ts";
import { figuresOf } from "./config/plan-figures.ts";
import { missingApiKeys, missingCaptureKey } from "./config/secrets.ts";

const settings = new pulumi.Config("breakeven");
const parsed = parsePlatformConfig(settings.getObject("platform"), loadCatalog());
if (!parsed.ok) throw new pulumi.RunError(problemsText(parsed.problems));
const { config, catalog } = parsed;

// Looked at here, before anything is registered; no value is ever shown.
const missing = [
  missingApiKeys(config, pulumi.runtime.getConfig("breakeven:apiKeys")),
  missingCaptureKey(config, pulumi.runtime.getConfig("breakeven:captureKey")),
].filter((text) => text !== undefined);
if (missing.length > 0) throw new pulumi.RunError(missing.join("\n"));

const platform = new Platform("breakeven", {
  config,
  facts: deploymentFacts(config, catalog),
  figures: figuresOf(config, catalog),
  tokenPrices: gatewayTokenPrices(config, catalog),
  redisPassword: settings.getSecret("redisPassword"),
  apiKeys: settings.getSecretObject<Record<string, string>>("apiKeys") ?? {},
  captureKey: settings.getSecretObject<CaptureKey>("captureKey"),
  huggingFaceToken: settings.getSecret("huggingFaceToken"),
});

/** Where clients send requests, by gateway: `gateway`, and `restricted` where there are restricted tasks. */
export const gatewayUrls = {
  ...(platform.gatewayUrl && { gateway: platform.gatewayUrl }),
  ...(platform.restrictedGatewayUrl && { restricted: platform.restrictedGatewayUrl }),
};
/** One key per gateway and client; a secret. */
export const clientKeys = platform.clientKeys;
