/** Entry point of the plugins: `main.ts aws <engine address>` serves the resources of one provider. */

import { serve } from "./server.ts";

// Loaded one at a time: an update starts a process per provider, and each must be up quickly.
const PROVIDERS = {
  aws: async () => (await import("./aws.ts")).awsProvider(),
  kubernetes: async () => (await import("./kubernetes.ts")).kubernetesProvider(),
  random: async () => (await import("./random.ts")).randomProvider(),
};

const name = process.argv[2] as keyof typeof PROVIDERS;
const open = PROVIDERS[name];
if (!open) throw new Error(`unknown provider "${name}"; allowed: ${Object.keys(PROVIDERS).join(", ")}`);
serve(await open());
