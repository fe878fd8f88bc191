import * as pulumi from "@pulumi/pulumi";
import { loadCatalog } from "./catalog/load.ts";
import { Platform } from "./components/platform.ts";
import { parsePlatformConfig, problemsText } from "./config/parse.ts";
import { missingApiKeys } from "./config/secrets.ts";

const config = new pulumi.Config("breakeven");
const parsed = parsePlatformConfig(config.getObject("platform") ?? {}, loadCatalog());
if (!parsed.ok) throw new pulumi.RunError(problemsText(parsed.problems));

const apiKeys = (config.getSecretObject<Record<string, string>>("apiKeys") ?? pulumi.secret({})).apply((keys) => {
  const missing = missingApiKeys(parsed.config, keys);
  if (missing !== undefined) throw new pulumi.RunError(missing);
  return keys;
});

const platform = new Platform("breakeven", {
  config: parsed.config,
  apiKeys,
  huggingFaceToken: config.getSecret("huggingFaceToken"),
});

/** Where clients send requests. */
export const gatewayUrl = platform.gatewayUrl;
/** One key per client of the gateway; a secret. */
export const clientKeys = platform.clientKeys;
