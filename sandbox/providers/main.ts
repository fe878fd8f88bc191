/** Entry point of the plugins: `main.ts aws <engine address>` serves the resources of one provider. */

import { liveCluster } from "../cluster/live-cluster.ts";
import { serve } from "./server.ts";

const cluster = liveCluster();

// Loaded one at a time: an update starts a process per provider, and each must be up quickly.
const PROVIDERS = {
  aws: async () =>
    cluster ? (await import("./aws-live.ts")).liveAwsProvider(cluster) : (await import("./aws.ts")).awsProvider(),
  kubernetes: async () =>
    cluster
      ? (await import("./kubernetes-live.ts")).liveKubernetesProvider(cluster)
      : (await import("./kubernetes.ts")).kubernetesProvider(),
  random: async () => (await import("./random.ts")).randomProvider(),
};

const name = process.argv[2] as keyof typeof PROVIDERS;
const open = PROVIDERS[name];
if (!open) throw new Error(`unknown provider "${name}"; allowed: ${Object.keys(PROVIDERS).join(", ")}`);
serve(await open());
