import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { serviceRole } from "./service-role.ts";

export interface WeightsReaderArgs {
  /** Folder of the weights, e.g. `s3://example-weights/qwen3-32b/v4`. */
  readonly s3Uri: string;
  readonly clusterName: pulumi.Input<string>;
  readonly namespace: string;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** What a model server may do: list and read one folder. */
export function readPolicy(s3Uri: string): string {
  const [bucket = "", ...path] = s3Uri.slice("s3://".length).split("/");
  const folder = path.join("/");
  const arn = `arn:aws:s3:::${bucket}`;
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["s3:ListBucket"],
        Resource: arn,
        ...(folder === "" ? {} : { Condition: { StringLike: { "s3:prefix": [folder, `${folder}/*`] } } }),
      },
      { Effect: "Allow", Action: ["s3:GetObject"], Resource: folder === "" ? `${arn}/*` : `${arn}/${folder}/*` },
    ],
  });
}

/** Creates the service account `name` whose pods may read the weights, through EKS Pod Identity. */
export function weightsReader(
  name: string,
  args: WeightsReaderArgs,
  region: pulumi.CustomResourceOptions,
  cluster: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const parent = region.parent as pulumi.Resource;
  const { role } = serviceRole(name, { service: "pods.eks.amazonaws.com", policies: [], tags: args.tags }, parent);
  const policy = new aws.iam.RolePolicy(name, { role: role.name, policy: readPolicy(args.s3Uri) }, region);
  const identity = new aws.eks.PodIdentityAssociation(
    name,
    {
      clusterName: args.clusterName,
      namespace: args.namespace,
      serviceAccount: name,
      roleArn: role.arn,
      tags: args.tags,
    },
    { ...region, dependsOn: [policy] },
  );
  return new k8s.core.v1.ServiceAccount(
    `${name}-account`,
    {
      metadata: { name, namespace: args.namespace, labels: { "app.kubernetes.io/part-of": "breakeven" } },
      automountServiceAccountToken: false,
    },
    { ...cluster, dependsOn: [identity] },
  );
}
