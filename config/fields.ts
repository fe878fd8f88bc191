import { z } from "zod";

/** Builders of the fields that occur in many places, so that units and limits have one home. */

export const share = (description: string) => z.number().min(0).max(1).meta({ description, unit: "share, 0 to 1" });

export const usd = (description: string) => z.number().min(0).meta({ description, unit: "US dollars" });

export const count = (description: string, min = 0) => z.int().min(min).meta({ description, unit: "count" });

export const hours = (description: string) => z.number().min(0).max(10_000).meta({ description, unit: "hours" });

export const text = (description: string) => z.string().trim().min(1).max(500).meta({ description });

/** A calendar day. */
export const day = (description: string) => z.iso.date().meta({ description, unit: "YYYY-MM-DD" });

/** Keys of pools, models and tasks become resource and label names. */
export const name = z
  .string()
  .regex(/^[a-z]([-a-z0-9]{0,28}[a-z0-9])?$/)
  .meta({
    description: "Lower-case name of at most 30 letters, digits and dashes that starts with a letter.",
    expected: "at most 30 lower-case letters, digits and dashes, a letter first and no dash last",
  });

/** Where a stated price or figure comes from; both fields are required wherever money is stated by hand. */
export const provenance = {
  source: text("Where the figure comes from, e.g. a quote number or a price-list address."),
  date: day("The day the source states it for."),
};
