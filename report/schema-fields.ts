import { z } from "zod";

/** Kinds of fields of a report, each with what it means and its unit. */
export const described = <T extends z.ZodType>(schema: T, description: string): T => schema.meta({ description });
export const usd = (description: string) => described(z.number(), `${description} US dollars.`);
export const usdPerMonth = (description: string) => described(z.number(), `${description} US dollars per month.`);
export const share = (description: string) => described(z.number(), `${description} 0 to 1.`);
export const count = (description: string) => described(z.number(), description);
export const text = (description: string) => described(z.string(), description);
export const day = (description: string) => described(z.string(), `${description} YYYY-MM-DD.`);
export const list = <T extends z.ZodType>(entry: T) => z.array(entry).readonly();
export const numbers = (description: string) => described(list(z.number()), description);
