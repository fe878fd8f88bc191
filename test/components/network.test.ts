import { beforeAll, describe, expect, it } from "vitest";
import { Network, type NetworkArgs } from "../../components/network.ts";
import { ofType, onlyOf, type RecordedResource, resolved, resourcesOf } from "./mocks.ts";

const args: NetworkArgs = {
  region: "us-east-1",
  cidr: "10.40.0.0/16",
  zones: 3,
  natGateways: "per-zone",
  interfaceEndpoints: ["ecr.api", "ecr.dkr"],
  tags: { team: "chat" },
};

const create = (changes: Partial<NetworkArgs> = {}) => resourcesOf(() => new Network("net", { ...args, ...changes }));

describe("Network", () => {
  let network: Network;
  let resources: readonly RecordedResource[];
  beforeAll(async () => {
    resources = await resourcesOf(() => {
      network = new Network("net", args);
    });
  });

  it("has one public and one private subnet in every zone", () => {
    const subnets = ofType(resources, "Subnet").map(
      ({ inputs }) => `${inputs["availabilityZone"]} ${inputs["cidrBlock"]}`,
    );
    expect(subnets.sort()).toEqual([
      "us-east-1a 10.40.0.0/19",
      "us-east-1a 10.40.224.0/22",
      "us-east-1b 10.40.228.0/22",
      "us-east-1b 10.40.32.0/19",
      "us-east-1c 10.40.232.0/22",
      "us-east-1c 10.40.64.0/19",
    ]);
  });

  it("gives no machine a public address by itself", () => {
    for (const subnet of ofType(resources, "Subnet")) expect(subnet.inputs["mapPublicIpOnLaunch"]).toBe(false);
  });

  it("marks subnets for public and internal load balancers", () => {
    for (const { name, inputs } of ofType(resources, "Subnet")) {
      const [wanted, other] = name.includes("public") ? ["elb", "internal-elb"] : ["internal-elb", "elb"];
      expect(inputs["tags"]).toHaveProperty([`kubernetes.io/role/${wanted}`], "1");
      expect(inputs["tags"]).not.toHaveProperty([`kubernetes.io/role/${other}`]);
    }
  });

  it("sends every private subnet through the NAT gateway of its own zone", () => {
    expect(ofType(resources, "NatGateway").map(({ inputs }) => inputs["subnetId"])).toEqual([
      "net-public-1-id",
      "net-public-2-id",
      "net-public-3-id",
    ]);
    expect(ofType(resources, "Eip")).toHaveLength(3);
    const routes = ofType(resources, "Route").filter(({ name }) => name.includes("private"));
    expect(routes.map(({ inputs }) => [inputs["routeTableId"], inputs["natGatewayId"]])).toEqual([
      ["net-private-1-id", "net-nat-1-id"],
      ["net-private-2-id", "net-nat-2-id"],
      ["net-private-3-id", "net-nat-3-id"],
    ]);
  });

  it("reaches S3 from all private subnets through the free gateway endpoint", () => {
    const [gateway] = ofType(resources, "VpcEndpoint").filter(({ inputs }) => inputs["vpcEndpointType"] === "Gateway");
    expect(gateway?.inputs).toMatchObject({
      serviceName: "com.amazonaws.us-east-1.s3",
      routeTableIds: ["net-private-1-id", "net-private-2-id", "net-private-3-id"],
    });
  });

  it("puts each interface endpoint into every private subnet, open to the network alone", () => {
    const endpoints = ofType(resources, "VpcEndpoint").filter(
      ({ inputs }) => inputs["vpcEndpointType"] === "Interface",
    );
    expect(endpoints.map(({ inputs }) => inputs["serviceName"])).toEqual([
      "com.amazonaws.us-east-1.ecr.api",
      "com.amazonaws.us-east-1.ecr.dkr",
    ]);
    for (const { inputs } of endpoints) {
      expect(inputs["subnetIds"]).toEqual(["net-private-1-id", "net-private-2-id", "net-private-3-id"]);
      expect(inputs["securityGroupIds"]).toEqual(["net-endpoints-id"]);
    }
    expect(onlyOf(resources, "SecurityGroupIngressRule").inputs).toMatchObject({
      cidrIpv4: "10.40.0.0/16",
      fromPort: 443,
    });
  });

  it("leaves the default security group without rules", () => {
    const { inputs } = onlyOf(resources, "DefaultSecurityGroup");
    expect(inputs).not.toHaveProperty("ingress");
    expect(inputs).not.toHaveProperty("egress");
  });

  it("tags everything that can be tagged", () => {
    for (const { inputs } of resources.filter(({ inputs }) => "tags" in inputs)) {
      expect(inputs["tags"]).toMatchObject({ team: "chat" });
    }
  });

  it("owns all of its resources", () => {
    for (const { name, parent } of resources.slice(1)) expect(parent, name).toBe("net");
  });

  it("lists zones and subnets in the same order", async () => {
    expect(await resolved(network.zoneNames)).toEqual(["us-east-1a", "us-east-1b", "us-east-1c"]);
    expect(await resolved(network.privateSubnetIds)).toEqual([
      "net-private-1-id",
      "net-private-2-id",
      "net-private-3-id",
    ]);
    expect(await resolved(network.publicSubnetIds)).toEqual(["net-public-1-id", "net-public-2-id", "net-public-3-id"]);
  });

  it("shares one NAT gateway when told so", async () => {
    const cheap = await create({ natGateways: "single" });
    expect(ofType(cheap, "NatGateway")).toHaveLength(1);
    const routes = ofType(cheap, "Route").filter(({ name }) => name.includes("private"));
    expect(routes.map(({ inputs }) => inputs["natGatewayId"])).toEqual([
      "net-nat-1-id",
      "net-nat-1-id",
      "net-nat-1-id",
    ]);
  });

  it("creates no endpoint security group without interface endpoints", async () => {
    expect(ofType(await create({ interfaceEndpoints: [] }), "SecurityGroup")).toEqual([]);
  });

  it("includes a zone that something needs", async () => {
    const zones = ofType(await create({ zones: 2, requiredZones: ["us-east-1d"] }), "Subnet");
    expect(new Set(zones.map(({ inputs }) => inputs["availabilityZone"]))).toEqual(
      new Set(["us-east-1a", "us-east-1d"]),
    );
  });

  it("keeps the number of subnets of an endpoint known in a preview", async () => {
    const preview = await resourcesOf(() => new Network("net", args), { preview: true });
    const [endpoint] = ofType(preview, "VpcEndpoint").filter(({ inputs }) => inputs["vpcEndpointType"] === "Interface");
    expect(endpoint?.inputs["subnetIds"]).toHaveLength(3);
  });
});
