import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { subnetCidrs } from "./subnet-cidrs.ts";
import { chooseZones, ZONE_IDS_WITHOUT_EKS } from "./zones.ts";

export interface NetworkArgs {
  /** AWS region, e.g. `us-east-1`. */
  readonly region: string;
  /** Address range of the VPC, `/16` to `/21`. */
  readonly cidr: string;
  /** Availability zones to use. */
  readonly zones: number;
  /**
   * Zones that must be among them, e.g. that of a capacity block. Changing them later moves subnets.
   * @default the first zones of the region by name
   */
  readonly requiredZones?: readonly string[];
  /** One NAT gateway in all, or one in every zone, so that losing a zone does not cut off the others. */
  readonly natGateways: "single" | "per-zone";
  /** AWS services reached through interface endpoints in every zone, e.g. `ecr.api`. */
  readonly interfaceEndpoints: readonly string[];
  /**
   * Tags of everything in the network.
   * @default none
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A VPC with a public and a private subnet in every zone. Nodes live in the private ones and reach the internet through
 * NAT; S3 is reached through its free gateway endpoint, so that model weights kept there pass no NAT gateway.
 *
 * ### Cost
 * Each NAT gateway by the hour and by the gigabyte, with one public address; each interface endpoint by the hour and
 * zone. Everything else is free.
 *
 * @example
 * const network = new Network("chat-network", {
 *   region: "us-east-1",
 *   cidr: "10.40.0.0/16",
 *   zones: 2,
 *   natGateways: "per-zone",
 *   interfaceEndpoints: [],
 * });
 */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** Address range of the VPC. */
  readonly cidr: string;
  /** Zone names, in the order of the subnets. */
  readonly zoneNames: pulumi.Output<string[]>;
  /** One per zone. */
  readonly publicSubnetIds: pulumi.Output<string>[];
  /** One per zone. */
  readonly privateSubnetIds: pulumi.Output<string>[];

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("breakeven:index:Network", name, args, opts);
    const parent = { parent: this };
    const tagged = (role: string, extra = {}) => ({ Name: `${name}-${role}`, ...args.tags, ...extra });
    const cidrs = subnetCidrs(args.cidr, args.zones);
    this.zoneNames = availableZones(args, this).apply((names) => chooseZones(names, args.zones, args.requiredZones));

    const vpc = new aws.ec2.Vpc(
      `${name}-vpc`,
      { cidrBlock: args.cidr, enableDnsSupport: true, enableDnsHostnames: true, tags: tagged("vpc") },
      parent,
    );
    // Without rules of its own, whatever forgets to name a security group is cut off.
    new aws.ec2.DefaultSecurityGroup(`${name}-default`, { vpcId: vpc.id, tags: tagged("default") }, parent);

    const subnetsOf = (kind: keyof typeof LOAD_BALANCER_ROLES) =>
      cidrs.map((zone, index) => {
        const role = `${kind}-${index + 1}`;
        const subnet = {
          vpcId: vpc.id,
          cidrBlock: zone[kind],
          availabilityZone: this.zoneNames.apply((names) => names[index] ?? ""),
          mapPublicIpOnLaunch: false,
          tags: tagged(role, { [LOAD_BALANCER_ROLES[kind]]: "1" }),
        };
        return new aws.ec2.Subnet(`${name}-${role}`, subnet, parent);
      });
    const publicSubnets = subnetsOf("public");
    const privateSubnets = subnetsOf("private");

    const internet = new aws.ec2.InternetGateway(
      `${name}-internet`,
      { vpcId: vpc.id, tags: tagged("internet") },
      parent,
    );
    const publicRoutes = new aws.ec2.RouteTable(`${name}-public`, { vpcId: vpc.id, tags: tagged("public") }, parent);
    new aws.ec2.Route(
      `${name}-public-default`,
      { routeTableId: publicRoutes.id, destinationCidrBlock: ANYWHERE, gatewayId: internet.id },
      parent,
    );
    publicSubnets.forEach((subnet, index) => {
      const association = { subnetId: subnet.id, routeTableId: publicRoutes.id };
      new aws.ec2.RouteTableAssociation(`${name}-public-${index + 1}`, association, parent);
    });

    const nats = publicSubnets.slice(0, args.natGateways === "single" ? 1 : args.zones).map((subnet, index) => {
      const role = `nat-${index + 1}`;
      const behind = { parent: this, dependsOn: internet };
      const address = new aws.ec2.Eip(`${name}-${role}`, { domain: "vpc", tags: tagged(role) }, behind);
      const nat = { subnetId: subnet.id, allocationId: address.allocationId, tags: tagged(role) };
      return new aws.ec2.NatGateway(`${name}-${role}`, nat, behind);
    });

    const privateRoutes = privateSubnets.map((subnet, index) => {
      const role = `private-${index + 1}`;
      const routes = new aws.ec2.RouteTable(`${name}-${role}`, { vpcId: vpc.id, tags: tagged(role) }, parent);
      const nat = nats[index % nats.length];
      const route = { routeTableId: routes.id, destinationCidrBlock: ANYWHERE, natGatewayId: nat?.id };
      new aws.ec2.Route(`${name}-${role}-default`, route, parent);
      new aws.ec2.RouteTableAssociation(`${name}-${role}`, { subnetId: subnet.id, routeTableId: routes.id }, parent);
      return routes;
    });

    const serviceName = (service: string) => `com.amazonaws.${args.region}.${service}`;
    new aws.ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId: vpc.id,
        serviceName: serviceName("s3"),
        vpcEndpointType: "Gateway",
        routeTableIds: privateRoutes.map((routes) => routes.id),
        tags: tagged("s3"),
      },
      parent,
    );

    if (args.interfaceEndpoints.length > 0) {
      const guard = endpointSecurityGroup(name, vpc, args, this);
      for (const service of args.interfaceEndpoints) {
        const role = service.replaceAll(".", "-");
        const endpoint = {
          vpcId: vpc.id,
          serviceName: serviceName(service),
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
          subnetIds: privateSubnets.map((subnet) => subnet.id),
          securityGroupIds: [guard.id],
          tags: tagged(role),
        };
        new aws.ec2.VpcEndpoint(`${name}-${role}`, endpoint, parent);
      }
    }

    this.vpcId = vpc.id;
    this.cidr = args.cidr;
    this.publicSubnetIds = publicSubnets.map((subnet) => subnet.id);
    this.privateSubnetIds = privateSubnets.map((subnet) => subnet.id);
    this.registerOutputs({
      vpcId: this.vpcId,
      cidr: this.cidr,
      zoneNames: this.zoneNames,
      publicSubnetIds: this.publicSubnetIds,
      privateSubnetIds: this.privateSubnetIds,
    });
  }
}

const ANYWHERE = "0.0.0.0/0";

/** Tags by which Kubernetes finds subnets for load balancers. */
const LOAD_BALANCER_ROLES = {
  public: "kubernetes.io/role/elb",
  private: "kubernetes.io/role/internal-elb",
} as const;

/** Zones of the region that need no opt-in (local zones do) and can hold an EKS cluster. */
const availableZones = ({ region }: NetworkArgs, parent: Network): pulumi.Output<string[]> =>
  aws
    .getAvailabilityZonesOutput(
      {
        region,
        state: "available",
        filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
        excludeZoneIds: ZONE_IDS_WITHOUT_EKS,
      },
      { parent },
    )
    .apply(({ names }) => [...names].sort());

/** Lets the network's own addresses reach the endpoints over HTTPS. */
function endpointSecurityGroup(name: string, vpc: aws.ec2.Vpc, { cidr, tags }: NetworkArgs, parent: Network) {
  const role = `${name}-endpoints`;
  const group = new aws.ec2.SecurityGroup(
    role,
    { vpcId: vpc.id, description: "Interface endpoints", tags: { Name: role, ...tags } },
    { parent },
  );
  new aws.vpc.SecurityGroupIngressRule(
    `${role}-https`,
    { securityGroupId: group.id, ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: cidr, tags },
    { parent },
  );
  return group;
}
