import type { Evaluated } from "./evaluate.ts";
import type { Option } from "./option.ts";

/** All ways to run one model on one kind of GPU, and how close the best of them came. */
export interface FamilyResult {
  readonly model: string;
  readonly gpu: string;
  /** What its cheapest plan costs more than the cheapest plan for the same tasks; undefined when none serves them. */
  readonly dearerByUsdPerMonth?: number;
  /** Why it serves none of the tasks, even at most GPUs per replica. */
  readonly reason?: string;
}

interface Family {
  readonly model: string;
  readonly gpu: string;
  /** Cheapest by group of tasks. */
  readonly cheapest: Map<string, number>;
  refused?: { readonly gpusPerReplica: number; readonly reason: string };
}

/** Keeps what a search learns of every family. */
export class Families {
  private readonly families = new Map<string, Family>();
  private readonly cheapest = new Map<string, number>();

  price({ groups, usdPerMonth }: Evaluated): void {
    for (const { option, tasks } of groups) {
      const key = tasks.join();
      const { cheapest } = this.of(option);
      cheapest.set(key, Math.min(usdPerMonth, cheapest.get(key) ?? Number.POSITIVE_INFINITY));
      this.cheapest.set(key, Math.min(usdPerMonth, this.cheapest.get(key) ?? Number.POSITIVE_INFINITY));
    }
  }

  refuse(option: Option, reason: string): void {
    const family = this.of(option);
    const { gpusPerReplica } = option;
    if (gpusPerReplica >= (family.refused?.gpusPerReplica ?? 0)) family.refused = { gpusPerReplica, reason };
  }

  /** Closest first, those that serve nothing last. */
  results(): readonly FamilyResult[] {
    return [...this.families.values()]
      .map(({ model, gpu, cheapest, refused }): FamilyResult => {
        const gaps = [...cheapest].map(([key, usd]) => usd - (this.cheapest.get(key) as number));
        if (gaps.length > 0) return { model, gpu, dearerByUsdPerMonth: Math.min(...gaps) };
        const reason = refused && `${refused.gpusPerReplica} GPUs per replica: ${refused.reason}`;
        return { model, gpu, reason: reason ?? "nothing of it was priced" };
      })
      .toSorted(
        (a, b) =>
          (a.dearerByUsdPerMonth ?? Number.POSITIVE_INFINITY) - (b.dearerByUsdPerMonth ?? Number.POSITIVE_INFINITY) ||
          `${a.model} ${a.gpu}`.localeCompare(`${b.model} ${b.gpu}`),
      );
  }

  private of({ model, gpu }: Option): Family {
    const key = `${model.name} ${gpu.name}`;
    const family = this.families.get(key) ?? {
      model: model.name,
      gpu: gpu.name,
      cheapest: new Map(),
    };
    this.families.set(key, family);
    return family;
  }
}
