import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Statement } from "./iam-policy.ts";
import { podRole } from "./pod-role.ts";

export interface WeightsReaderArgs {
  /** Folder of the weights, e.g. `s3://example-weights/qwen3-32b/v4`. */
  readonly s3Uri: string;
  readonly clusterName: pulumi.Input<string>;
  readonly namespace: string;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** What a model server may do: list and read one folder. */
export function readStatements(s3Uri: string): readonly Statement[] {
  const [bucket = "", ...path] = s3Uri.slice("s3://".length).split("/");
  const folder = path.join("/");
  const arn = `arn:aws:s3:::${bucket}`;
  return [
    {
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: arn,
      ...(folder === "" ? {} : { Condition: { StringLike: { "s3:prefix": [folder, `${folder}/*`] } } }),
    },
    { Effect: "Allow", Action: ["s3:GetObject"], Resource: folder === "" ? `${arn}/*` : `${arn}/${folder}/*` },
  ];
}

/** Creates the service account `name` whose pods may read the weights. */
export function weightsReader(
  name: string,
  { s3Uri, ...place }: WeightsReaderArgs,
  region: pulumi.CustomResourceOptions,
  cluster: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const identity = podRole(name, { ...place, serviceAccount: name, statements: readStatements(s3Uri) }, region);
  return new k8s.core.v1.ServiceAccount(
    `${name}-account`,
    {
      metadata: { name, namespace: place.namespace, labels: { "app.kubernetes.io/part-of": "breakeven" } },
      automountServiceAccountToken: false,
    },
    { ...cluster, dependsOn: [identity] },
  );
}
