import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InstancePool } from "./node-group-shape.ts";
import { zoneIndexes } from "./zones.ts";

interface PooledSubnets {
  readonly pool: string;
  readonly config: InstancePool;
  readonly subnetIds: readonly pulumi.Input<string>[];
  readonly zoneNames: pulumi.Input<readonly string[]>;
  readonly offeredZones?: pulumi.Input<readonly string[]> | undefined;
}

/** The zones are looked at apart from the subnets, whose ids a preview does not know: a wrong zone shows there already. */
export function subnetsOfPool({ pool, config, subnetIds, zoneNames, offeredZones }: PooledSubnets) {
  const { instanceType } = config.hardware;
  const indexes = pulumi
    .all([pulumi.output(zoneNames), pulumi.output(offeredZones)])
    .apply(([names, offered]) => zoneIndexes(names, { pool, instanceType, wanted: config.zones, offered }));
  return pulumi
    .all([pulumi.all([...subnetIds]), indexes])
    .apply(([ids, chosen]) => chosen.map((index) => ids[index]).filter((id) => id !== undefined));
}

/** Zones of a region that have an instance type, asked of AWS in every preview: no list of them is published. */
export const zonesWith = (
  instanceType: string,
  region: string,
  opts: pulumi.InvokeOutputOptions,
): pulumi.Output<string[]> =>
  aws.ec2
    .getInstanceTypeOfferingsOutput(
      { region, locationType: "availability-zone", filters: [{ name: "instance-type", values: [instanceType] }] },
      opts,
    )
    .apply(({ locations }) => [...new Set(locations)].sort());
