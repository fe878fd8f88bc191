import type { Justification } from "../config/economics.ts";
import { ageInDays } from "../economics/provenance.ts";

/** No exception is recorded for longer: circumstances are looked at again at least once a year. */
const MAX_DAYS = 366;

/** The first justification that holds today: not expired, and not recorded for more than a year ahead. */
export const activeJustification = (
  justifications: readonly Justification[],
  today: string,
): Justification | undefined =>
  justifications.find(({ expires }) => expires >= today && ageInDays(today, expires) <= MAX_DAYS);

/** `restricted-data until 2027-03-31 (head of platform): …` */
export const justificationText = ({ exception, reason, owner, expires }: Justification): string =>
  `${exception} until ${expires} (${owner}): ${reason}`;
