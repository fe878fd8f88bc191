import { describe, expect, it } from "vitest";
import { awsProvider } from "../../../sandbox/providers/aws.ts";
import { checkProviderInputs } from "../../../sandbox/providers/local-provider.ts";
import { type Properties, UNKNOWN } from "../../../sandbox/providers/values.ts";

const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
const nodeGroup: Properties = {
  clusterName: "c",
  nodeRoleArn: UNKNOWN,
  scalingConfig: { desiredSize: 1, maxSize: 2, minSize: 0 },
  subnetIds: [UNKNOWN],
};

const provider = awsProvider();
provider.configure?.(new Map([["region", "eu-west-1"]]));

const resource = (type: string) => ({ urn: `urn:pulumi:s::p::${type}::name`, type, name: "name" });
const reasons = (type: string, inputs: Properties): string[] =>
  provider.check(resource(type), inputs).failures.map(({ reason }) => reason);
const outputs = (type: string, inputs: Properties, isPreview: boolean): Properties =>
  provider.create(resource(type), inputs, isPreview).outputs;

describe("checking AWS inputs", () => {
  it("accepts what the SDK accepts, unknown values included", () => {
    expect(reasons(NODE_GROUP, nodeGroup)).toEqual([]);
    expect(reasons(NODE_GROUP, { ...nodeGroup, scalingConfig: UNKNOWN })).toEqual([]);
    expect(reasons("aws:iam/role:Role", { assumeRolePolicy: "{}", tags: { team: "ml" } })).toEqual([]);
  });

  it("rejects a misspelt property and suggests the right one", () => {
    expect(reasons(NODE_GROUP, { ...nodeGroup, instanceType: ["g6.xlarge"] })).toEqual([
      expect.stringMatching(
        /has no property "instanceType" \(given: \["g6.xlarge"\]\); did you mean "instanceTypes"\?/,
      ),
    ]);
    const misspelt = { desiredSize: 1, maxSize: 2, minSize: 0, minSizze: 0 };
    expect(reasons(NODE_GROUP, { ...nodeGroup, scalingConfig: misspelt })).toEqual([
      'scalingConfig has no property "minSizze" (given: 0); did you mean "minSize"? Allowed: desiredSize, maxSize, minSize',
    ]);
  });

  it("rejects a missing property at every depth", () => {
    expect(reasons(NODE_GROUP, { ...nodeGroup, scalingConfig: { desiredSize: 1, minSize: 0 } })).toEqual([
      'scalingConfig lacks the required property "maxSize"',
    ]);
    expect(reasons(NODE_GROUP, {}).length).toBe(4);
  });

  it("rejects values of the wrong shape, also inside lists", () => {
    expect(reasons(NODE_GROUP, { ...nodeGroup, diskSize: "100" })).toEqual(['diskSize must be a number, not "100"']);
    expect(reasons(NODE_GROUP, { ...nodeGroup, subnetIds: "a" })).toEqual(['subnetIds must be a list, not "a"']);
    expect(reasons(NODE_GROUP, { ...nodeGroup, taints: [{ key: "gpu", efect: "NO_SCHEDULE" }] })[0]).toContain(
      'taints[0] has no property "efect"',
    );
  });

  it("accepts any member of a union of objects, and explains the closest when none fits", () => {
    const trusting = (principal: Properties): Properties => ({
      assumeRolePolicy: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: principal }],
      },
    });
    expect(reasons("aws:iam/role:Role", trusting({ Service: "ec2.amazonaws.com" }))).toEqual([]);
    expect(reasons("aws:iam/role:Role", trusting({ AWS: "arn" }))).toEqual([]);
    expect(reasons("aws:iam/role:Role", trusting({ Servise: "ec2.amazonaws.com" }))[0]).toContain('"Servise"');
  });

  it("rejects a resource type that the SDK lacks", () => {
    expect(reasons("aws:eks/nodeGroup:NodeGrup", {})[0]).toContain('no resource type "aws:eks/nodeGroup:NodeGrup"');
    expect(reasons("aws:eks/nothing:Nothing", {}).length).toBe(1);
  });

  it("generates names that do not change from run to run", () => {
    const name = (): unknown => provider.check(resource("aws:iam/role:Role"), { assumeRolePolicy: "{}" }).inputs.name;
    expect(name()).toMatch(/^name-[0-9a-f]{7}$/);
    expect(name()).toBe(name());
    const named = { assumeRolePolicy: "{}", namePrefix: "p" };
    expect(provider.check(resource("aws:iam/role:Role"), named).inputs).toEqual(named);
  });

  it("checks the arguments of an explicit provider, which arrive as JSON text", () => {
    expect(checkProviderInputs(provider, { region: "us-east-1", defaultTags: '{"tags":{"a":"b"}}' })).toEqual([]);
    expect(checkProviderInputs(provider, { regoin: "us-east-1" })[0]?.reason).toContain('did you mean "region"?');
  });

  it("asks for a region, and for no credentials", () => {
    const env = { ...process.env };
    delete process.env.AWS_REGION;
    delete process.env.AWS_DEFAULT_REGION;
    expect(() => awsProvider().configure?.(new Map())).toThrow(/aws:region/);
    process.env = env;
  });
});

describe("AWS outputs", () => {
  it("are unknown in a preview where the provider computes them, also inside blocks", () => {
    const group = outputs(NODE_GROUP, nodeGroup, true);
    expect(group).toMatchObject({ scalingConfig: nodeGroup.scalingConfig, diskSize: UNKNOWN, resources: UNKNOWN });
    expect(group).not.toHaveProperty("labels");
    const cluster = outputs("aws:eks/cluster:Cluster", { roleArn: "r", vpcConfig: { subnetIds: ["s"] } }, true);
    expect(cluster).toMatchObject({
      endpoint: UNKNOWN,
      region: "eu-west-1",
      vpcConfig: { subnetIds: ["s"], vpcId: UNKNOWN },
    });
  });

  it("are known after an update, stable, and of the right form", () => {
    const cluster = outputs(
      "aws:eks/cluster:Cluster",
      { name: "c", roleArn: "r", vpcConfig: { subnetIds: ["s"] } },
      false,
    );
    expect(cluster).toMatchObject({
      arn: "arn:aws:eks:eu-west-1:123456789012:cluster/c",
      endpoint: expect.stringMatching(/^https:\/\/[0-9A-F]{32}\.gr7\.eu-west-1\.eks\.amazonaws\.com$/),
      certificateAuthority: { data: expect.any(String) },
      identities: [{ oidcs: [{ issuer: expect.stringContaining("https://oidc.eks.eu-west-1.amazonaws.com/id/") }] }],
      vpcConfig: { clusterSecurityGroupId: expect.stringMatching(/^sg-/) },
    });
    const group = outputs(NODE_GROUP, nodeGroup, false);
    expect(group).toMatchObject({
      resources: [{ autoscalingGroups: [{ name: expect.stringMatching(/^eks-name-/) }] }],
    });
    expect(outputs(NODE_GROUP, nodeGroup, false)).toEqual(group);
  });

  it("are empty inside blocks for what was never set", () => {
    const mappings = [{ deviceName: "/dev/xvda", ebs: { volumeSize: 100, volumeType: "gp3" } }];
    const template = outputs("aws:ec2/launchTemplate:LaunchTemplate", { blockDeviceMappings: mappings }, false);
    expect(template).toMatchObject({ blockDeviceMappings: [{ ebs: { volumeSize: 100, volumeType: "gp3", iops: 0 } }] });
  });

  it("keep their computed values in the preview of a change", () => {
    const olds = outputs(NODE_GROUP, nodeGroup, false);
    const news = { ...nodeGroup, scalingConfig: { desiredSize: 2, maxSize: 2, minSize: 0 } };
    const changed = provider.update(resource(NODE_GROUP), news, olds, true);
    expect(changed).toMatchObject({ scalingConfig: { desiredSize: 2 }, arn: olds.arn, diskSize: olds.diskSize });
  });
});

describe("AWS functions", () => {
  it("compute policy documents as IAM writes them", () => {
    const { json } = provider.invoke("aws:iam/getPolicyDocument:getPolicyDocument", {
      statements: [
        {
          actions: ["s3:GetObject"],
          resources: ["b", "a"],
          principals: [{ type: "Service", identifiers: ["ec2.amazonaws.com"] }],
          conditions: [{ test: "StringEquals", variable: "aws:x", values: ["y"] }],
        },
      ],
    });
    expect(JSON.parse(String(json))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "ec2.amazonaws.com" },
          Action: "s3:GetObject",
          Resource: ["a", "b"],
          Condition: { StringEquals: { "aws:x": "y" } },
        },
      ],
    });
  });

  it("know the zones of the region", () => {
    const zones = provider.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", {});
    expect(zones).toMatchObject({ names: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] });
  });

  it("fail by name where the sandbox has no answer", () => {
    expect(() => provider.invoke("aws:ec2/getAmi:getAmi", {})).toThrow(
      /cannot answer the function "aws:ec2\/getAmi:getAmi"/,
    );
  });
});
