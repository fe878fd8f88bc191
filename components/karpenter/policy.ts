import { policyOf } from "../iam-policy.ts";

export interface KarpenterScope {
  readonly region: string;
  readonly clusterName: string;
  /** Role that new nodes get, the only one that may be passed on. */
  readonly nodeRoleArn: string;
}

/** `arn:aws:iam::123456789012:role/node` says partition and account. */
function accountOf(arn: string): { readonly partition: string; readonly accountId: string } {
  const [, partition = "", , , accountId = ""] = arn.split(":");
  return { partition, accountId };
}

/** What Karpenter creates for a node. */
const CREATED = ["fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request"];
/** What nodes are made from. */
const USED = ["security-group", "subnet", "capacity-reservation", "placement-group"];
const LOOKED_AT = [
  "CapacityReservations",
  "Images",
  "Instances",
  "InstanceStatus",
  "InstanceTypeOfferings",
  "InstanceTypes",
  "LaunchTemplates",
  "PlacementGroups",
  "SecurityGroups",
  "SpotPriceHistory",
  "Subnets",
];

/**
 * What Karpenter may do, and to nothing but the nodes of this cluster: it creates only what it tags as the cluster's, and
 * changes and ends only what carries that tag. After the reference policy of Karpenter 1.14, without the interruption queue.
 */
export function karpenterPolicy({ region, clusterName, nodeRoleArn }: KarpenterScope): string {
  const { partition, accountId } = accountOf(nodeRoleArn);
  const ec2 = (kind: string) => `arn:${partition}:ec2:${region}:*:${kind}/*`;
  const owned = `kubernetes.io/cluster/${clusterName}`;
  const requested = {
    StringEquals: { [`aws:RequestTag/${owned}`]: "owned", "aws:RequestTag/eks:eks-cluster-name": clusterName },
    StringLike: { "aws:RequestTag/karpenter.sh/nodepool": "*" },
  };
  const own = {
    StringEquals: { [`aws:ResourceTag/${owned}`]: "owned" },
    StringLike: { "aws:ResourceTag/karpenter.sh/nodepool": "*" },
  };
  const profile = (place: "Request" | "Resource") => ({
    StringEquals: { [`aws:${place}Tag/${owned}`]: "owned", [`aws:${place}Tag/topology.kubernetes.io/region`]: region },
    StringLike: { [`aws:${place}Tag/karpenter.k8s.aws/ec2nodeclass`]: "*" },
  });
  const profiles = `arn:${partition}:iam::${accountId}:instance-profile/*`;
  const allow = (Sid: string, Action: readonly string[], Resource: string | readonly string[], Condition?: object) => ({
    Sid,
    Effect: "Allow",
    Action,
    Resource,
    ...(Condition === undefined ? {} : { Condition }),
  });
  const launch = ["ec2:RunInstances", "ec2:CreateFleet"];
  const onCreation = { "ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"] };
  const profileChanges = ["AddRoleToInstanceProfile", "RemoveRoleFromInstanceProfile", "DeleteInstanceProfile"];
  const images = ["image", "snapshot"].map((kind) => `arn:${partition}:ec2:${region}::${kind}/*`);
  return policyOf([
    allow("LaunchFrom", launch, [...images, ...USED.map(ec2)]),
    allow("LaunchFromOwnTemplates", launch, ec2("launch-template"), own),
    allow("CreateTagged", [...launch, "ec2:CreateLaunchTemplate"], CREATED.map(ec2), requested),
    allow("TagOnCreation", ["ec2:CreateTags"], CREATED.map(ec2), {
      ...requested,
      StringEquals: { ...requested.StringEquals, ...onCreation },
    }),
    allow("TagOwnInstances", ["ec2:CreateTags"], ec2("instance"), {
      ...own,
      StringEqualsIfExists: { "aws:RequestTag/eks:eks-cluster-name": clusterName },
      "ForAllValues:StringEquals": { "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"] },
    }),
    allow(
      "EndOwn",
      ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"],
      [ec2("instance"), ec2("launch-template")],
      own,
    ),
    allow(
      "Look",
      LOOKED_AT.map((things) => `ec2:Describe${things}`),
      "*",
      { StringEquals: { "aws:RequestedRegion": region } },
    ),
    allow("FindImages", ["ssm:GetParameter"], `arn:${partition}:ssm:${region}::parameter/aws/service/*`),
    allow("FindPrices", ["pricing:GetProducts"], "*"),
    allow("PassNodeRole", ["iam:PassRole"], nodeRoleArn, {
      StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"] },
    }),
    allow("CreateProfiles", ["iam:CreateInstanceProfile"], profiles, profile("Request")),
    allow("TagOwnProfiles", ["iam:TagInstanceProfile"], profiles, {
      StringEquals: { ...profile("Resource").StringEquals, ...profile("Request").StringEquals },
      StringLike: { ...profile("Resource").StringLike, ...profile("Request").StringLike },
    }),
    allow(
      "ChangeOwnProfiles",
      profileChanges.map((change) => `iam:${change}`),
      profiles,
      profile("Resource"),
    ),
    allow("ReadProfiles", ["iam:GetInstanceProfile"], profiles),
    allow("ListProfiles", ["iam:ListInstanceProfiles"], "*"),
    allow("FindCluster", ["eks:DescribeCluster"], `arn:${partition}:eks:${region}:${accountId}:cluster/${clusterName}`),
  ]);
}
