import { usdText } from "../economics/format.ts";
import { type Group, replicasOn } from "./candidate.ts";
import type { Evaluated } from "./evaluate.ts";
import type { FamilyResult } from "./families.ts";
import type { SearchResult } from "./search.ts";

const MOST_FAMILIES = 20;

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** `8x g7e.12xlarge spot` */
function nodesText({ option: { hardware, gpu, gpusPerNode }, scaling, nodes }: Group): string {
  const count = scaling === "fixed" ? `${nodes}x` : `0-${nodes}x`;
  return hardware.kind === "instance"
    ? `${count} ${hardware.instanceType} ${hardware.purchase}`
    : `${count} ${hardware.kind} ${gpusPerNode}x ${gpu.name}`;
}

/** `100 % of support-chat: Qwen3-32B fp8, 24 replicas of 2 GPUs on 0-8x g7e.12xlarge spot, us-east-1` */
export function groupText(group: Group): string {
  const { option, nodes, tasks, share } = group;
  const { model, precision, gpusPerReplica, region } = option;
  const replicas = replicasOn(option, nodes);
  const size = gpusPerReplica === 1 ? "1 GPU" : `${gpusPerReplica} GPUs`;
  const copies = replicas === 1 ? "1 replica" : `${replicas} replicas`;
  const place = region === "" ? "" : `, ${region}`;
  return `${percent(share)} of ${tasks.join(", ")}: ${model.name} ${precision}, ${copies} of ${size} on ${nodesText(group)}${place}`;
}

/** A dearer plan is worth a line when it is this much faster or keeps this much more in-house than every cheaper one. */
const WORTHWHILE = { latencyRatio: 0.95, inHouseShare: 0.02 };

/** The front without plans that differ only in the small. */
export function worthwhile(front: readonly Evaluated[]): readonly Evaluated[] {
  const kept: Evaluated[] = [];
  for (const plan of front) {
    const isNear = kept.some(
      (cheaper) =>
        plan.latencySeconds > cheaper.latencySeconds * WORTHWHILE.latencyRatio &&
        plan.inHouseShare < cheaper.inHouseShare + WORTHWHILE.inHouseShare,
    );
    if (!isNear) kept.push(plan);
  }
  return kept;
}

const seconds = (value: number): string => (Number.isFinite(value) ? value.toFixed(1) : "-");

function frontLines(front: readonly Evaluated[]): readonly string[] {
  return [
    `${"$/month".padStart(12)}${"s/answer".padStart(10)}${"in-house".padStart(10)}  plan`,
    ...front.flatMap(({ usdPerMonth, latencySeconds, inHouseShare, groups }) =>
      groups.map((group, index) =>
        index === 0
          ? `${usdText(usdPerMonth).padStart(12)}${seconds(latencySeconds).padStart(10)}${percent(inHouseShare).padStart(10)}  ${groupText(group)}`
          : `${"".padStart(32)}  ${groupText(group)}`,
      ),
    ),
  ];
}

function familyLines(families: readonly FamilyResult[]): readonly string[] {
  const lost = families.filter(({ dearerByUsdPerMonth }) => dearerByUsdPerMonth !== 0);
  const lines = lost
    .slice(0, MOST_FAMILIES)
    .map(
      ({ model, gpu, dearerByUsdPerMonth, reason }) =>
        `  ${`${model} on ${gpu}`.padEnd(48)}${dearerByUsdPerMonth === undefined ? reason : `${usdText(dearerByUsdPerMonth)}/month dearer at its best`}`,
    );
  const rest = lost.length - lines.length;
  return rest > 0 ? [...lines, `  and ${rest} more; --json has them all`] : lines;
}

/** The comparison in one sentence; tasks that must stay have no bill to compare with. */
function sentence(usdPerMonth: number, stayingUsdPerMonth: number | undefined): string {
  const plan = `${usdText(usdPerMonth)}/month`;
  if (stayingUsdPerMonth === undefined)
    return `The cheapest plan costs ${plan}; these tasks have no way to stay on an API.`;
  const stay = `${usdText(stayingUsdPerMonth)}/month`;
  return usdPerMonth <= stayingUsdPerMonth
    ? `Owning can be cheaper: ${plan} against ${stay} on the API.`
    : `Stay on the API: ${stay}; the cheapest plan with GPUs costs ${plan}.`;
}

/**
 * What a search found, for a terminal. `stayingUsdPerMonth` is the bill of the same tasks without any GPU; `gateways` are lines on
 * what the cheapest plan's gateways relay.
 */
export function planText(
  { front, families, priced, ruledOut }: SearchResult,
  stayingUsdPerMonth?: number,
  gateways: readonly string[] = [],
): string {
  const [cheapest] = front;
  const counts = `${priced.toLocaleString("en-US")} candidates priced, ${ruledOut.toLocaleString("en-US")} ruled out by bounds`;
  const why = ["", "Why the others lost", ...familyLines(families), "", counts];
  if (cheapest === undefined) return ["No plan serves these tasks within their targets.", ...why].join("\n");
  return [
    sentence(cheapest.usdPerMonth, stayingUsdPerMonth),
    "",
    "Plans that no other beats in cost, latency and share kept in-house at once",
    ...frontLines(worthwhile(front)),
    ...(gateways.length > 0 ? ["", "The cheapest plan's gateway", ...gateways.map((line) => `  ${line}`)] : []),
    ...why,
  ].join("\n");
}
