/** What a source says something costs: figures by field name, US dollars. */
export interface Quote {
  /** As in the catalogue: `provider/model`, or `type region on-demand`. */
  readonly name: string;
  readonly figures: Readonly<Record<string, number>>;
}

/** A price that moved. */
export interface PriceChange {
  readonly name: string;
  readonly field: string;
  readonly from: number;
  readonly to: number;
}

/** A new price may be at most this many times the old one, or this part of it: further is mostly a unit or a row mixed up. */
export const PLAUSIBLE_FACTOR = 3;

export const isPlausible = ({ from, to }: PriceChange): boolean =>
  Number.isFinite(to) && to > 0 && to <= from * PLAUSIBLE_FACTOR && to >= from / PLAUSIBLE_FACTOR;

/** Sources print the same price with more or fewer digits. */
const SAME = 1e-6;

/** Fields of both that differ. A field that only one side has is not compared: missing is no price. */
export const changesBetween = (
  name: string,
  known: Readonly<Record<string, number>>,
  quoted: Quote,
): readonly PriceChange[] =>
  Object.entries(known).flatMap(([field, from]) => {
    const to = quoted.figures[field];
    return to === undefined || Math.abs(to - from) <= SAME * from ? [] : [{ name, field, from, to }];
  });
