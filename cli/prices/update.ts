import { readFileSync } from "node:fs";
import { join } from "node:path";
import { apiChanges, apiQuote, type GenaiProviders, withQuote } from "../../catalog/update/api-models.ts";
import { type AwsPriceList, offeringChanges, offeringName } from "../../catalog/update/offerings.ts";
import { isPlausible, type PriceChange } from "../../catalog/update/quote.ts";
import type { ApiModel } from "../../economics/api-price.ts";
import type { Offering } from "../../economics/offering.ts";
import type { Fetched } from "./sources.ts";

/** What a refresh found, before anything is written. */
export interface Refresh<Row> {
  readonly rows: readonly Row[];
  readonly changes: readonly PriceChange[];
  /** Changes too large to be believed without a person's word. */
  readonly refused: readonly PriceChange[];
  /** Rows whose price is confirmed at a newer day. */
  readonly confirmed: number;
  /** Rows the source does not have, or prices in another shape. */
  readonly unknown: number;
  /** Rows that rest on something newer than the source. */
  readonly newer: number;
}

interface Compared<Row> {
  readonly changes: readonly PriceChange[];
  readonly updated: Row;
}

/** `compare` answers undefined for a row the source does not have. */
function refresh<Row extends { readonly date: string }>(
  rows: readonly Row[],
  date: string,
  accepted: ReadonlySet<string>,
  compare: (row: Row) => Compared<Row> | undefined,
): Refresh<Row> {
  const changes: PriceChange[] = [];
  const refused: PriceChange[] = [];
  const counts = { confirmed: 0, unknown: 0, newer: 0 };
  const result = rows.map((row) => {
    const compared = compare(row);
    if (compared === undefined) counts.unknown++;
    else if (row.date >= date) counts.newer++;
    else {
      const doubtful = compared.changes.filter((change) => !isPlausible(change) && !accepted.has(change.name));
      refused.push(...doubtful);
      if (doubtful.length > 0) return row;
      changes.push(...compared.changes);
      if (compared.changes.length === 0) counts.confirmed++;
      return compared.updated;
    }
    return row;
  });
  return { rows: result, changes, refused, ...counts };
}

export const refreshApiModels = (
  rows: readonly ApiModel[],
  { value, source, date }: Fetched<GenaiProviders>,
  accepted: ReadonlySet<string>,
): Refresh<ApiModel> =>
  refresh(rows, date, accepted, (row) => {
    const quote = apiQuote(value, row, date);
    return quote && { changes: apiChanges(row, quote), updated: withQuote(row, quote, source, date) };
  });

export const refreshOfferings = (
  rows: readonly Offering[],
  { value, source, date }: Fetched<AwsPriceList>,
  accepted: ReadonlySet<string>,
): Refresh<Offering> =>
  refresh(rows, date, accepted, (row) => {
    const quote = value.quotes.get(offeringName(row));
    return (
      quote && {
        changes: offeringChanges(row, quote),
        updated: { ...row, usd: quote.figures["usd"] ?? row.usd, source, date },
      }
    );
  });

/** Rows of a data file as they are written, without what loading adds. */
export const readRows = <Row>(directory: string, kind: string): readonly Row[] =>
  (JSON.parse(readFileSync(join(directory, `${kind}.json`), "utf8")) as { rows: Row[] }).rows;

/** A data file as it is committed: one row is one line. */
export const dataFile = (kind: string, rows: readonly unknown[]): string =>
  `{"kind":${JSON.stringify(kind)},"rows":[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]}\n`;
