import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeFile } from "../../cli/write-file.ts";

const folder = () => mkdtempSync(join(tmpdir(), "breakeven-write-"));

describe("writing a file", () => {
  it("replaces what was there and leaves nothing beside it", () => {
    const here = folder();
    const file = join(here, "report.html");
    writeFileSync(file, "old");
    writeFile(file, "new");
    expect(readFileSync(file, "utf8")).toBe("new");
    expect(readdirSync(here)).toEqual(["report.html"]);
  });

  it("says why it cannot, and leaves no part of it", () => {
    const here = folder();
    mkdirSync(join(here, "taken"));
    writeFileSync(join(here, "file"), "kept");
    expect(() => writeFile(join(here, "none", "report.html"), "x")).toThrow(/none\/report\.html: its folder does not/);
    expect(() => writeFile(join(here, "taken"), "x")).toThrow(/taken: it is a folder/);
    expect(() => writeFile(join(here, "file", "report.html"), "x")).toThrow(/is a file, not a folder/);
    expect(readdirSync(here).sort()).toEqual(["file", "taken"]);
    expect(readFileSync(join(here, "file"), "utf8")).toBe("kept");
  });

  it("writes to a device as it is", () => {
    expect(() => writeFile("/dev/null", "x")).not.toThrow();
  });
});
