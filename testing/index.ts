/** Helpers to unit-test a stack without an engine, an account or a cluster; for any test runner. See docs/testing.md. */

export {
  type MockOptions,
  ofType,
  onlyOf,
  type RecordedResource,
  recordResources,
  resolved,
  resourcesOf,
  settled,
} from "./mocks.ts";
export { type PlatformOptions, type RecordedPlatform, recordPlatform } from "./platform.ts";
export { type PolicyOptions, type PolicyViolation, policyViolations } from "./policy-violations.ts";
