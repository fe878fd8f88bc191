import { loadCatalog } from "../catalog/load.ts";
import { type ParseResult, parsePlatformConfig } from "../config/parse.ts";
import { withOverrides } from "../config/with-overrides.ts";
import { type OwnerSettings, pinned } from "./owner-settings.ts";

/**
 * Parses and checks a stack's config, with what the owner pinned in place of the stack's own claims. The owner's prices are
 * applied last, so they win.
 */
export function parseUnderOwner(raw: unknown, owner: OwnerSettings, parse = parsePlatformConfig): ParseResult {
  const parsed = parse(raw, withOverrides(loadCatalog(), owner.priceOverrides));
  if (!parsed.ok) return parsed;
  const catalog = owner.allowPriceOverrides ? parsed.catalog : loadCatalog();
  return {
    ok: true,
    config: pinned(parsed.config, owner),
    catalog: withOverrides(catalog, owner.priceOverrides),
  };
}
