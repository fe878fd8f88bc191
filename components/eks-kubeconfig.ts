export interface EksCoordinates {
  readonly clusterName: string;
  readonly region: string;
  /** Address of the API server. */
  readonly endpoint: string;
  /** Base64, as EKS gives it. */
  readonly certificateAuthority: string;
}

/** A kubeconfig that holds no secret: whoever uses it gets a short-lived token from the AWS CLI under their own identity. */
export function eksKubeconfig({ clusterName, region, endpoint, certificateAuthority }: EksCoordinates): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      { name: clusterName, cluster: { server: endpoint, "certificate-authority-data": certificateAuthority } },
    ],
    users: [
      {
        name: clusterName,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "aws",
            args: ["eks", "get-token", "--cluster-name", clusterName, "--region", region, "--output", "json"],
            interactiveMode: "Never",
          },
        },
      },
    ],
    contexts: [{ name: clusterName, context: { cluster: clusterName, user: clusterName } }],
    "current-context": clusterName,
  });
}
