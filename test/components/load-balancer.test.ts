import { describe, expect, it } from "vitest";
import { LoadBalancer, type LoadBalancerArgs } from "../../components/load-balancer.ts";
import { ofType, onlyOf, type RecordedResource, resolved, resourcesOf } from "./mocks.ts";

const internal: LoadBalancerArgs = {
  exposure: "internal",
  sourceRanges: [],
  idleTimeoutSeconds: 600,
  vpcId: "vpc-1",
  vpcCidr: "10.40.0.0/16",
  subnetIds: ["subnet-a", "subnet-b"],
  autoscalingGroupName: "eks-system",
  nodeSecurityGroupId: "sg-cluster",
  environment: "staging",
};

const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/1";
const exposed = { ...internal, exposure: "public", certificateArn, sourceRanges: ["203.0.113.0/24"] } as const;

const create = (args: LoadBalancerArgs) => resourcesOf(() => new LoadBalancer("chat", args));
const balancer = (resources: readonly RecordedResource[]) => onlyOf(resources, "aws:lb/loadBalancer:LoadBalancer");

/** Who may connect, as range and port. */
const admitted = (resources: readonly RecordedResource[]) =>
  ofType(resources, "SecurityGroupIngressRule")
    .filter(({ inputs }) => inputs["cidrIpv4"] !== undefined)
    .map(({ inputs }) => `${inputs["cidrIpv4"]}:${inputs["toPort"]}`);

describe("LoadBalancer", () => {
  it("is internal and open to the network alone by default", async () => {
    const resources = await create(internal);
    expect(balancer(resources).inputs).toMatchObject({
      loadBalancerType: "network",
      internal: true,
      subnets: ["subnet-a", "subnet-b"],
      securityGroups: ["chat-nlb-id"],
    });
    expect(admitted(resources)).toEqual(["10.40.0.0/16:80"]);
  });

  it("admits only the given ranges, over TLS, when it is public", async () => {
    const resources = await create(exposed);
    expect(balancer(resources).inputs["internal"]).toBe(false);
    expect(admitted(resources)).toEqual(["203.0.113.0/24:443"]);
    expect(onlyOf(resources, "Listener").inputs).toMatchObject({ port: 443, protocol: "TLS", certificateArn });
  });

  it("is refused in public without certificate", async () => {
    await expect(create({ ...exposed, certificateArn: undefined })).rejects.toThrow("has no certificateArn");
  });

  it("is refused in public without the ranges that may connect", async () => {
    await expect(create({ ...exposed, sourceRanges: [] })).rejects.toThrow("sourceRanges is empty");
  });

  it("keeps silent connections for as long as it can", async () => {
    expect(onlyOf(await create(internal), "Listener").inputs).toMatchObject({
      protocol: "TCP",
      tcpIdleTimeoutSeconds: 600,
    });
    expect(onlyOf(await create(exposed), "Listener").inputs).not.toHaveProperty("tcpIdleTimeoutSeconds");
  });

  it("tells how long connections may be silent in fact", async () => {
    const found: number[] = [];
    for (const args of [internal, exposed]) {
      await resourcesOf(() => found.push(new LoadBalancer("chat", args).idleTimeoutSeconds));
    }
    expect(found).toEqual([600, 350]);
  });

  it("sends traffic to the node port of every system node", async () => {
    const resources = await create({ ...internal, nodePort: 30500 });
    expect(onlyOf(resources, "TargetGroup").inputs).toMatchObject({
      targetType: "instance",
      port: 30500,
      protocol: "TCP",
      healthCheck: { protocol: "HTTP", path: "/health/liveliness" },
    });
    expect(onlyOf(resources, "Attachment").inputs).toEqual({
      autoscalingGroupName: "eks-system",
      lbTargetGroupArn: "arn:aws:mock:us-east-1:123456789012:chat-tg",
    });
  });

  it("opens the node port to itself and to nobody else", async () => {
    const resources = await create(internal);
    const atNodes = ofType(resources, "SecurityGroupIngressRule").filter(
      ({ inputs }) => inputs["securityGroupId"] === "sg-cluster",
    );
    expect(atNodes.map(({ inputs }) => inputs)).toMatchObject([
      { referencedSecurityGroupId: "chat-nlb-id", fromPort: 30400, toPort: 30400 },
    ]);
    expect(onlyOf(resources, "SecurityGroupEgressRule").inputs).toMatchObject({
      securityGroupId: "chat-nlb-id",
      referencedSecurityGroupId: "sg-cluster",
      fromPort: 30400,
    });
  });

  it("lets answers under way finish when a node leaves", async () => {
    expect(onlyOf(await create(internal), "TargetGroup").inputs["deregistrationDelay"]).toBe(300);
  });

  it("is protected from deletion in production only", async () => {
    expect(balancer(await create(internal)).inputs["enableDeletionProtection"]).toBe(false);
    expect(balancer(await create({ ...internal, environment: "prod" })).inputs["enableDeletionProtection"]).toBe(true);
  });

  it("keeps the number of subnets known in a preview: public addresses are billed per zone", async () => {
    const preview = await resourcesOf(() => new LoadBalancer("chat", exposed), { preview: true });
    expect(balancer(preview).inputs["subnets"]).toHaveLength(2);
  });

  it("gives the base address of the gateway", async () => {
    const urls: Promise<string>[] = [];
    await resourcesOf(() => urls.push(resolved(new LoadBalancer("chat", exposed).url)));
    expect(await urls[0]).toBe("https://chat-nlb.elb.example");
  });

  it("refuses a name that AWS could not take", async () => {
    const name = "breakeven-restricted-eu";
    await expect(resourcesOf(() => new LoadBalancer(name, internal))).rejects.toThrow("use at most 20");
  });
});
