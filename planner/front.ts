/** What plans are compared by: cheaper, faster and more in-house are better. */
export interface Merits {
  readonly usdPerMonth: number;
  /** Mean seconds from request to last token on own replicas; infinite where nothing is self-hosted. */
  readonly latencySeconds: number;
  /** Share of all requests that own replicas answer. */
  readonly inHouseShare: number;
}

/** Whether `a` is at least as good as `b` in every respect. */
export const covers = (a: Merits, b: Merits): boolean =>
  a.usdPerMonth <= b.usdPerMonth && a.latencySeconds <= b.latencySeconds && a.inHouseShare >= b.inHouseShare;

/** The plans that no other plan beats in every respect, cheapest first. */
export class ParetoFront<T extends Merits> {
  private members: T[] = [];

  /** Whether anything with these merits, or worse ones, would be beaten. */
  isCovered(merits: Merits): boolean {
    return this.members.some((member) => covers(member, merits));
  }

  /** Takes a plan in and drops those it beats; false when it is beaten itself. */
  add(plan: T): boolean {
    if (this.isCovered(plan)) return false;
    this.members = this.members.filter((member) => !covers(plan, member));
    this.members.push(plan);
    return true;
  }

  get plans(): readonly T[] {
    return this.members.toSorted((a, b) => a.usdPerMonth - b.usdPerMonth);
  }
}
