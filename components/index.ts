/** Every component, for programs of others. See docs/components.md. */

export { CaptureBucket, type CaptureBucketArgs } from "./capture-bucket.ts";
export { Cluster, type ClusterArgs } from "./cluster.ts";
export { ElasticGpuPool, type ElasticGpuPoolArgs } from "./elastic-gpu-pool.ts";
export { GpuNodePool, type GpuNodePoolArgs } from "./gpu-node-pool.ts";
export { Karpenter, type KarpenterArgs } from "./karpenter.ts";
export { LlmGateway, type LlmGatewayArgs } from "./llm-gateway.ts";
export { LoadBalancer, type LoadBalancerArgs } from "./load-balancer.ts";
export { ManagedRedis, type ManagedRedisArgs } from "./managed-redis.ts";
export { Monitoring, type MonitoringArgs } from "./monitoring.ts";
export { Network, type NetworkArgs } from "./network.ts";
export { Platform } from "./platform.ts";
export type { PlatformArgs } from "./platform-scope.ts";
export { VllmRouter, type VllmRouterArgs } from "./vllm-router.ts";
export { VllmService, type VllmServiceArgs } from "./vllm-service.ts";
