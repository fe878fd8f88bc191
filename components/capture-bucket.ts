import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { CAPTURED_ANSWERS, HOLDS_TAG } from "../config/marks.ts";
import { CAPTURE_PREFIX } from "./gateway/capture.ts";
import { policyOf, type Statement } from "./iam-policy.ts";

export interface CaptureBucketArgs {
  /** Days until an object is deleted. */
  readonly retentionDays: number;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** What the gateway may do: add objects below one prefix, and neither read, list nor delete any. */
export const writeStatement = (bucketArn: string): Statement => ({
  Effect: "Allow",
  Action: ["s3:PutObject"],
  Resource: `${bucketArn}/${CAPTURE_PREFIX}/*`,
});

/** Nobody gets in without TLS. */
export const tlsOnly = (bucketArn: string): string =>
  policyOf([
    {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [bucketArn, `${bucketArn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);

/**
 * Bucket of answers that are kept for training: private, encrypted, deleted after a while. It is not deleted with the stack while
 * anything is in it.
 *
 * ### Cost
 * Gigabyte-months and writes; the plan bills both with the traffic of the tasks that capture.
 *
 * @example
 * new CaptureBucket("captured", { retentionDays: 90 });
 */
export class CaptureBucket extends pulumi.ComponentResource {
  readonly bucket: pulumi.Output<string>;
  /** For the role of whoever writes. */
  readonly writeStatement: pulumi.Output<Statement>;

  constructor(name: string, args: CaptureBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("breakeven:index:CaptureBucket", name, args, opts);
    const parent = { parent: this };
    const { retentionDays, tags } = args;
    const store = new aws.s3.Bucket(name, { tags: { ...tags, [HOLDS_TAG]: CAPTURED_ANSWERS } }, parent);
    const bucket = store.bucket;
    new aws.s3.BucketPublicAccessBlock(
      name,
      { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      parent,
    );
    new aws.s3.BucketOwnershipControls(name, { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } }, parent);
    new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      { bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      parent,
    );
    new aws.s3.BucketLifecycleConfiguration(
      name,
      {
        bucket,
        rules: [
          {
            id: "expire",
            status: "Enabled",
            filter: {},
            expiration: { days: retentionDays },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          },
        ],
      },
      parent,
    );
    new aws.s3.BucketPolicy(name, { bucket, policy: store.arn.apply(tlsOnly) }, parent);

    this.writeStatement = store.arn.apply(writeStatement);
    this.bucket = bucket;
    this.registerOutputs({ bucket });
  }
}
