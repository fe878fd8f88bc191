import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyOf, type Statement } from "./iam-policy.ts";
import { serviceRole } from "./service-role.ts";

export interface PodRoleArgs {
  readonly clusterName: pulumi.Input<string>;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly statements: readonly pulumi.Input<Statement>[];
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** A role for the pods of one service account, through EKS Pod Identity: what they wait for, with its permissions in place. */
export function podRole(
  name: string,
  { statements, tags, ...account }: PodRoleArgs,
  region: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const parent = region.parent as pulumi.Resource;
  const { role } = serviceRole(name, { service: "pods.eks.amazonaws.com", policies: [], tags }, parent);
  const document = pulumi.all([...statements]).apply(policyOf);
  const policy = new aws.iam.RolePolicy(name, { role: role.name, policy: document }, region);
  return new aws.eks.PodIdentityAssociation(
    name,
    { ...account, roleArn: role.arn, tags },
    { ...region, dependsOn: [policy] },
  );
}
