/** Invented ids and outputs of the AWS resources whose values other resources build on; stable from run to run. */

import { ACCOUNT } from "./aws-functions.ts";
import type { Resource } from "./local-provider.ts";
import { hexDigits, type Properties } from "./values.ts";

/** Types with generated ids; elsewhere the id is the name. */
const ID_PREFIX: Record<string, string> = {
  "aws:ec2/eip:Eip": "eipalloc",
  "aws:ec2/flowLog:FlowLog": "fl",
  "aws:ec2/internetGateway:InternetGateway": "igw",
  "aws:ec2/launchTemplate:LaunchTemplate": "lt",
  "aws:ec2/natGateway:NatGateway": "nat",
  "aws:ec2/placementGroup:PlacementGroup": "pg",
  "aws:ec2/routeTable:RouteTable": "rtb",
  "aws:ec2/routeTableAssociation:RouteTableAssociation": "rtbassoc",
  "aws:ec2/securityGroup:SecurityGroup": "sg",
  "aws:ec2/subnet:Subnet": "subnet",
  "aws:ec2/volume:Volume": "vol",
  "aws:ec2/vpc:Vpc": "vpc",
  "aws:ec2/vpcEndpoint:VpcEndpoint": "vpce",
  "aws:efs/fileSystem:FileSystem": "fs",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "sgr",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "sgr",
};

interface Context {
  resource: Resource;
  inputs: Properties;
  id: string;
  name: string;
  region: string;
  /** Hexadecimal digits that belong to the resource. */
  hex: (length: number) => string;
}

/** Values by path (`vpcConfig.vpcId`); what is missing here gets a sample of its type. */
const OUTPUTS: Record<string, (context: Context) => Properties> = {
  "aws:acm/certificate:Certificate": ({ region, hex }) => ({ arn: arn("acm", region, `certificate/${uuid(hex)}`) }),
  "aws:cloudwatch/logGroup:LogGroup": ({ name, region }) => ({ arn: arn("logs", region, `log-group:${name}`) }),
  "aws:ec2/eip:Eip": ({ id }) => ({ allocationId: id, publicIp: "203.0.113.10" }),
  "aws:ec2/launchTemplate:LaunchTemplate": () => ({ latestVersion: 1, defaultVersion: 1 }),
  "aws:ec2/vpc:Vpc": ({ hex }) => ({
    mainRouteTableId: `rtb-${hex(17)}`,
    defaultSecurityGroupId: `sg-${hex(17)}`,
    defaultRouteTableId: `rtb-${hex(17)}`,
  }),
  "aws:eks/cluster:Cluster": ({ name, region, hex }) => ({
    arn: arn("eks", region, `cluster/${name}`),
    endpoint: `https://${hex(32).toUpperCase()}.gr7.${region}.eks.amazonaws.com`,
    certificateAuthority: { data: Buffer.from("no certificate: sandbox").toString("base64") },
    identities: [{ oidcs: [{ issuer: `https://oidc.eks.${region}.amazonaws.com/id/${hex(32).toUpperCase()}` }] }],
    "vpcConfig.clusterSecurityGroupId": `sg-${hex(17)}`,
    "vpcConfig.vpcId": `vpc-${hex(17)}`,
    status: "ACTIVE",
    version: "1.33",
    platformVersion: "eks.1",
  }),
  "aws:eks/nodeGroup:NodeGroup": ({ resource, inputs, region, hex }) => ({
    arn: arn("eks", region, `nodegroup/${inputs.clusterName}/${resource.name}/${uuid(hex)}`),
    resources: [
      {
        autoscalingGroups: [{ name: `eks-${inputs.nodeGroupName ?? resource.name}-${uuid(hex)}` }],
        remoteAccessSecurityGroupId: "",
      },
    ],
    amiType: "AL2023_x86_64_STANDARD",
    capacityType: "ON_DEMAND",
    diskSize: 20,
    instanceTypes: ["t3.medium"],
    nodeGroupName: resource.name,
    nodeGroupNamePrefix: "",
    version: "1.33",
    status: "ACTIVE",
  }),
  "aws:iam/instanceProfile:InstanceProfile": ({ name }) => ({ arn: arn("iam", "", `instance-profile/${name}`) }),
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": ({ inputs }) => ({
    arn: arn("iam", "", `oidc-provider/${String(inputs.url).replace("https://", "")}`),
  }),
  "aws:iam/policy:Policy": ({ name }) => ({ arn: arn("iam", "", `policy/${name}`) }),
  "aws:iam/role:Role": ({ name, hex }) => ({
    arn: arn("iam", "", `role/${name}`),
    uniqueId: `AROA${hex(17).toUpperCase()}`,
  }),
  "aws:kms/alias:Alias": ({ name, region }) => ({ arn: arn("kms", region, name) }),
  "aws:kms/key:Key": ({ id, region }) => ({ arn: arn("kms", region, `key/${id}`), keyId: id }),
  "aws:lb/loadBalancer:LoadBalancer": ({ name, region, hex }) => ({
    arn: arn("elasticloadbalancing", region, `loadbalancer/app/${name}/${hex(16)}`),
    arnSuffix: `app/${name}/${hex(16)}`,
    dnsName: `${name}-${hex(10)}.${region}.elb.amazonaws.com`,
    zoneId: "Z35SXDOTRQ7X7K",
    vpcId: `vpc-${hex(17)}`,
  }),
  "aws:lb/targetGroup:TargetGroup": ({ name, region, hex }) => ({
    arn: arn("elasticloadbalancing", region, `targetgroup/${name}/${hex(16)}`),
  }),
  "aws:s3/bucket:Bucket": ({ id, region }) => ({
    arn: `arn:aws:s3:::${id}`,
    bucketDomainName: `${id}.s3.amazonaws.com`,
    bucketRegionalDomainName: `${id}.s3.${region}.amazonaws.com`,
  }),
  "aws:secretsmanager/secret:Secret": ({ name, region, hex }) => ({
    arn: arn("secretsmanager", region, `secret:${name}-${hex(6)}`),
  }),
  "aws:sns/topic:Topic": ({ name, region }) => ({ arn: arn("sns", region, name) }),
};

/** The id that a resource gets; for most types its name. */
export function awsId(resource: Resource, inputs: Properties): string {
  const prefix = ID_PREFIX[resource.type];
  if (prefix) return `${prefix}-${hexDigits(resource.urn, 17)}`;
  if (resource.type === "aws:kms/key:Key") return uuid((length) => hexDigits(resource.urn, length));
  if (resource.type === "aws:eks/nodeGroup:NodeGroup") return `${inputs.clusterName}:${resource.name}`;
  return String(inputs.name ?? inputs.bucket ?? resource.name);
}

/** The invented outputs of a resource, by path. */
export function awsOutputs(resource: Resource, inputs: Properties, region: string): Properties {
  const hex = (length: number): string => hexDigits(resource.urn, length);
  const id = awsId(resource, inputs);
  const name = String(inputs.name ?? id);
  const [service = "", kind = ""] = (resource.type.split(":")[1] ?? "").split("/");
  return {
    arn: arn(service, region, `${kind}/${id}`),
    region,
    name,
    namePrefix: "",
    tagsAll: inputs.tags ?? {},
    ...OUTPUTS[resource.type]?.({ resource, inputs, id, name, region, hex }),
  };
}

const arn = (service: string, region: string, rest: string): string =>
  `arn:aws:${service}:${region}:${ACCOUNT}:${rest}`;

const uuid = (hex: (length: number) => string): string =>
  hex(32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
