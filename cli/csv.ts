/** Cells of a row, quoted where they must be (RFC 4180). */
export const csvRow = (cells: readonly string[]): string =>
  cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",");

/** Rows of a CSV text that arrives in pieces: quoted cells may hold commas, doubled quotes and line breaks. */
export async function* csvRows(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string[]> {
  let row: string[] = [];
  let cell = "";
  let state: "plain" | "quoted" | "quote-in-quoted" = "plain";
  let isFirst = true;
  for await (const piece of pieces) {
    for (const letter of isFirst ? piece.replace(/^\uFEFF/, "") : piece) {
      if (state === "quoted") {
        if (letter === '"') state = "quote-in-quoted";
        else cell += letter;
        continue;
      }
      if (letter === '"') {
        if (state === "quote-in-quoted") cell += '"';
        state = "quoted";
        continue;
      }
      state = "plain";
      if (letter === ",") {
        row.push(cell);
        cell = "";
      } else if (letter === "\n") {
        row.push(cell.replace(/\r$/, ""));
        yield row;
        row = [];
        cell = "";
      } else cell += letter;
    }
    isFirst = false;
  }
  if (cell !== "" || row.length > 0) yield [...row, cell.replace(/\r$/, "")];
}
