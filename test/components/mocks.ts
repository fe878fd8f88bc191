export * from "../../testing/mocks.ts";
