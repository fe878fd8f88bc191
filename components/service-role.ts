import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { policyOf } from "./iam-policy.ts";

export interface ServiceRoleArgs {
  /** Who may assume the role, e.g. `ec2.amazonaws.com`. */
  readonly service: string;
  /** Managed policies of AWS, e.g. `AmazonEKSClusterPolicy`; some have a path in front. */
  readonly policies: readonly string[];
  /** @default none */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** A role and what gives it its permissions; users of the role depend on the attachments too. */
export interface ServiceRole {
  readonly role: aws.iam.Role;
  readonly attachments: readonly aws.iam.RolePolicyAttachment[];
}

/** EKS Pod Identity passes namespace and service account as session tags. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  "pods.eks.amazonaws.com": ["sts:AssumeRole", "sts:TagSession"],
};

/** Creates a role that one AWS service may assume. */
export function serviceRole(name: string, args: ServiceRoleArgs, parent: pulumi.Resource): ServiceRole {
  const { service, policies, tags } = args;
  const statement = {
    Effect: "Allow",
    Principal: { Service: service },
    Action: ACTIONS[service] ?? ["sts:AssumeRole"],
  };
  const role = new aws.iam.Role(name, { assumeRolePolicy: policyOf([statement]), tags }, { parent });
  const attachments = policies.map((policy) => {
    const attachment = { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` };
    return new aws.iam.RolePolicyAttachment(`${name}-${policy.split("/").at(-1)}`, attachment, { parent });
  });
  return { role, attachments };
}
