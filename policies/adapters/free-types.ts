/**
 * Resource types that cost nothing by themselves. A trailing `*` stands for a whole module. Everything that is neither
 * here nor in an adapter is "unpriced" and blocks: a new type is looked at once, by a person, before it is free.
 */
export const FREE_TYPES: readonly string[] = [
  "pulumi:*",
  "breakeven:*",
  "random:*",
  "aws:elasticache/subnetGroup:SubnetGroup",
  "aws:iam/*",
  "aws:autoscaling/attachment:Attachment",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  "aws:ec2/internetGateway:InternetGateway",
  "aws:ec2/launchTemplate:LaunchTemplate",
  "aws:ec2/route:Route",
  "aws:ec2/routeTable:RouteTable",
  "aws:ec2/routeTableAssociation:RouteTableAssociation",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/subnet:Subnet",
  "aws:ec2/vpc:Vpc",
  "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation",
  "aws:eks/accessEntry:AccessEntry",
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
  "aws:eks/podIdentityAssociation:PodIdentityAssociation",
  "aws:kms/alias:Alias",
  "aws:lb/listener:Listener",
  "aws:lb/targetGroup:TargetGroup",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  "kubernetes:core/v1:ConfigMap",
  "kubernetes:core/v1:Namespace",
  "kubernetes:core/v1:Secret",
  "kubernetes:core/v1:ServiceAccount",
  "kubernetes:external-secrets.io/v1:ExternalSecret",
  "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
  "kubernetes:keda.sh/v1alpha1:ScaledObject",
  "kubernetes:monitoring.coreos.com/v1:PodMonitor",
  "kubernetes:monitoring.coreos.com/v1:PrometheusRule",
  "kubernetes:monitoring.coreos.com/v1:ServiceMonitor",
  "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  "kubernetes:policy/v1:PodDisruptionBudget",
  "kubernetes:rbac.authorization.k8s.io/*",
  "kubernetes:scheduling.k8s.io/v1:PriorityClass",
];

/** Whether a type is on the list. `extra` are types the platform owner declared free in the policy configuration. */
export function isFreeType(type: string, extra: readonly string[] = []): boolean {
  return [...FREE_TYPES, ...extra].some((pattern) =>
    pattern.endsWith("*") ? type.startsWith(pattern.slice(0, -1)) : type === pattern,
  );
}
