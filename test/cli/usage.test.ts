import { describe, expect, it, vi } from "vitest";
import { main } from "../../cli/breakeven.ts";

describe("an option that no command knows", () => {
  it.each([
    // 2 says "marginal" there, so every mistake is 1.
    ["check", 1],
    ["plan", 2],
    ["report", 2],
    ["capacity", 2],
    ["measure", 2],
    ["prices", 2],
    ["recheck", 2],
    ["sources", 2],
    ["images", 2],
  ])("ends %s with exit status %d, names the option and prints nothing else", async (command, status) => {
    const out = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const err = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    try {
      expect(await main([command, "--nonsense"])).toBe(status);
      expect(out).not.toHaveBeenCalled();
      expect(err.mock.calls.join("")).toMatch(/^breakeven: Unknown option '--nonsense'/);
    } finally {
      out.mockRestore();
      err.mockRestore();
    }
  });
});
