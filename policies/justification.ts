import type { Justification } from "../config/economics.ts";

/** The first justification that has not expired. */
export const activeJustification = (
  justifications: readonly Justification[],
  today: string,
): Justification | undefined => justifications.find(({ expires }) => expires >= today);

/** `restricted-data until 2027-03-31 (head of platform): …` */
export const justificationText = ({ exception, reason, owner, expires }: Justification): string =>
  `${exception} until ${expires} (${owner}): ${reason}`;
