import type { Offering } from "../../economics/offering.ts";
import { changesBetween, type PriceChange, type Quote } from "./quote.ts";

/** Columns of an EC2 price list of AWS that tell an ordinary Linux node-hour from the other hundred products of a type. */
const ORDINARY: Readonly<Record<string, string>> = {
  TermType: "OnDemand",
  Unit: "Hrs",
  Currency: "USD",
  Tenancy: "Shared",
  "Operating System": "Linux",
  CapacityStatus: "Used",
  "Pre Installed S/W": "NA",
  operation: "RunInstances",
};
const READ = ["Instance Type", "Region Code", "PricePerUnit"] as const;

/** Reads rows of AWS's EC2 price list as they come: a few lines about the list first, then the header. */
export class AwsPriceList {
  /** The day the list was published, YYYY-MM-DD. */
  published: string | undefined;
  #columns: ReadonlyMap<string, number> | undefined;
  readonly quotes = new Map<string, Quote>();

  row(cells: readonly string[]): void {
    if (this.#columns === undefined) {
      if (cells[0] === "Publication Date") this.published = cells[1]?.slice(0, 10);
      if (cells[0] !== "SKU") return;
      const columns = new Map(cells.map((column, index) => [column, index]));
      const lacking = [...Object.keys(ORDINARY), ...READ].filter((column) => !columns.has(column));
      if (lacking.length > 0) throw new Error(`the price list has no column ${lacking.join(", ")}`);
      this.#columns = columns;
      return;
    }
    const columns = this.#columns;
    const cell = (column: string): string => cells[columns.get(column) as number] ?? "";
    if (Object.entries(ORDINARY).some(([column, value]) => cell(column) !== value)) return;
    const usd = Number(cell("PricePerUnit"));
    if (!(usd > 0)) return;
    const name = offeringName({
      instanceType: cell("Instance Type"),
      region: cell("Region Code"),
      purchase: "on-demand",
    });
    this.quotes.set(name, { name, figures: { usd } });
  }

  get hasHeader(): boolean {
    return this.#columns !== undefined;
  }
}

export const offeringName = ({
  instanceType,
  region,
  purchase,
}: Pick<Offering, "instanceType" | "region" | "purchase">): string => `${instanceType} ${region} ${purchase}`;

export const offeringChanges = (row: Offering, quote: Quote): readonly PriceChange[] =>
  changesBetween(quote.name, { usd: row.usd }, quote);
