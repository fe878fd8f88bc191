import type { Miss } from "./leave-one-out.ts";

const SIZE = 640;
const MARGIN = 56;
const LOW = 1;
const HIGH = 6;
const COLOURS: Readonly<Record<string, string>> = { A: "#2563eb", B: "#d97706", C: "#6b7280" };

const place = (log10: number): number => MARGIN + ((log10 - LOW) / (HIGH - LOW)) * (SIZE - 2 * MARGIN);
const x = (tokens: number): string => place(Math.log10(tokens)).toFixed(0);
const y = (tokens: number): string => (SIZE - place(Math.log10(tokens))).toFixed(0);

/** One path of round caps: a tenth of the size of circles. */
function dots(tier: "A" | "B" | "C", misses: readonly Miss[]): string {
  const marks = misses.map(({ point, throughput }) => {
    const measured = point.measurement.outputTokensPerSecond;
    return `M${x(measured)} ${y(measured * Math.exp(throughput))}h0`;
  });
  return `<path d="${marks.join("")}" stroke="${COLOURS[tier]}" stroke-opacity="0.4" stroke-width="4" stroke-linecap="round"/>`;
}

/** Predicted over measured output tokens per second, both logarithmic; the dashed lines are half and double. */
export function parityPlot(tiers: Readonly<Record<"A" | "B" | "C", readonly Miss[]>>): string {
  const [from, to] = [10 ** LOW, 10 ** HIGH];
  const line = (factor: number, dash: string) =>
    `<line x1="${x(Math.max(from, from / factor))}" y1="${y(Math.max(from, from * factor))}" x2="${x(Math.min(to, to / factor))}" y2="${y(Math.min(to, to * factor))}" stroke="#111" stroke-width="1"${dash}/>`;
  const ticks = Array.from({ length: HIGH - LOW + 1 }, (_, index) => 10 ** (LOW + index)).map(
    (tick) =>
      `<text x="${x(tick)}" y="${SIZE - MARGIN + 18}" text-anchor="middle">${tick.toLocaleString("en-US")}</text><text x="${MARGIN - 6}" y="${y(tick)}" text-anchor="end" dominant-baseline="middle">${tick.toLocaleString("en-US")}</text>`,
  );
  const legend = Object.entries(COLOURS).map(
    ([tier, colour], index) =>
      `<circle cx="${MARGIN + 16}" cy="${MARGIN + 16 + index * 18}" r="5" fill="${colour}"/><text x="${MARGIN + 28}" y="${MARGIN + 20 + index * 18}">tier ${tier}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" font-family="sans-serif" font-size="11">`,
    `<rect width="${SIZE}" height="${SIZE}" fill="#fff"/>`,
    dots("C", tiers.C),
    dots("B", tiers.B),
    dots("A", tiers.A),
    line(1, ""),
    line(2, ' stroke-dasharray="4 4"'),
    line(0.5, ' stroke-dasharray="4 4"'),
    ...ticks,
    ...legend,
    `<text x="${SIZE / 2}" y="${SIZE - 12}" text-anchor="middle">measured output tokens/s</text>`,
    `<text transform="translate(14 ${SIZE / 2}) rotate(-90)" text-anchor="middle">predicted, this point left out</text>`,
    "</svg>\n",
  ].join("\n");
}
