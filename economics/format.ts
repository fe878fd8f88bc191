/** `$1,235`, with cents below $100 so that small prices do not vanish. */
export function usdText(usd: number): string {
  const digits = Math.abs(usd) < 100 && usd !== 0 ? 2 : 0;
  const text = Math.abs(usd).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${usd < 0 ? "-" : ""}$${text}`;
}

export const percentText = (share: number): string =>
  `${(share * 100).toFixed(share !== 0 && Math.abs(share) < 0.1 ? 1 : 0)} %`;

/** `3.2x`, three significant digits. */
export const multipleText = (value: number): string => `${Number(value.toPrecision(3))}x`;

/** Cuts a line that would run over `width` columns. */
export const clipped = (line: string, width: number): string =>
  line.length <= width ? line : `${line.slice(0, width - 1)}…`;

/** Breaks a line at spaces so that it fits `width` columns; continuation lines are indented. Words longer than a line are clipped. */
export function wrapped(line: string, width: number, indent: number): readonly string[] {
  if (line.length <= width) return [line];
  const cut = line.lastIndexOf(" ", width);
  if (cut <= indent) return [clipped(line, width)];
  return [line.slice(0, cut), ...wrapped(" ".repeat(indent) + line.slice(cut + 1), width, indent)];
}
