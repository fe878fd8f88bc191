import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvRow, csvRows } from "../../cli/csv.ts";

const read = async (pieces: readonly string[]): Promise<string[][]> => {
  const rows: string[][] = [];
  for await (const row of csvRows(pieces)) rows.push(row);
  return rows;
};

describe("CSV", () => {
  it("reads back what it wrote, wherever the text is cut", async () => {
    const cell = fc.string({ maxLength: 8 }).map((text) => text.replaceAll("\r", ""));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 7 }),
        async (rows, size) => {
          const text = rows.map((row) => `${csvRow(row)}\n`).join("");
          const pieces = text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
          expect(await read(pieces)).toEqual(rows);
        },
      ),
    );
  });

  it("reads files of other systems: a byte order mark, CRLF, no last line break", async () => {
    expect(await read(['\uFEFFa,"b"\r\n1,', '"x\r\ny"'])).toEqual([
      ["a", "b"],
      ["1", "x\r\ny"],
    ]);
  });
});
