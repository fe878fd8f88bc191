import { beforeAll, describe, expect, it } from "vitest";
import { Cluster, type ClusterArgs } from "../../components/cluster.ts";
import { clusterSchema } from "../../config/cluster.ts";
import { type MockOptions, ofType, onlyOf, type RecordedResource, resolved, resourcesOf } from "./mocks.ts";

const eks = (changes: object = {}) =>
  clusterSchema.parse({ kind: "eks", region: "us-east-1", ...changes }) as ClusterArgs["cluster"];

const args: ClusterArgs = {
  cluster: eks(),
  subnetIds: ["subnet-a", "subnet-b"],
  environment: "prod",
  logRetentionDays: 45,
  controlPlaneLogsGBPerMonth: 12.5,
  tags: { team: "chat" },
};

const create = (changes: Partial<ClusterArgs> = {}, options?: MockOptions) =>
  resourcesOf(() => new Cluster("chat", { ...args, ...changes }), options);
const controlPlane = (resources: readonly RecordedResource[]) => onlyOf(resources, "aws:eks/cluster:Cluster");

describe("Cluster", () => {
  let cluster: Cluster;
  let resources: readonly RecordedResource[];
  beforeAll(async () => {
    resources = await resourcesOf(() => {
      cluster = new Cluster("chat", args);
    });
  });

  it("keeps the API server private unless told otherwise", () => {
    expect(controlPlane(resources).inputs["vpcConfig"]).toEqual({
      subnetIds: ["subnet-a", "subnet-b"],
      endpointPrivateAccess: true,
      endpointPublicAccess: false,
    });
  });

  it("opens the API server to the given ranges only", async () => {
    const open = await create({ cluster: eks({ publicEndpoint: true, publicAccessCidrs: ["203.0.113.0/24"] }) });
    expect(controlPlane(open).inputs["vpcConfig"]).toMatchObject({
      endpointPublicAccess: true,
      publicAccessCidrs: ["203.0.113.0/24"],
    });
  });

  it("refuses an API server that is open to everyone", async () => {
    await expect(create({ cluster: eks({ publicEndpoint: true }) })).rejects.toThrow("publicAccessCidrs is empty");
  });

  it("encrypts Kubernetes secrets with a key of its own that rotates", () => {
    expect(onlyOf(resources, "aws:kms/key:Key").inputs["enableKeyRotation"]).toBe(true);
    expect(controlPlane(resources).inputs["encryptionConfig"]).toEqual({
      provider: { keyArn: "arn:aws:mock:us-east-1:123456789012:chat-secrets" },
      resources: ["secrets"],
    });
  });

  it("never enters extended support, which costs six times as much", () => {
    expect(controlPlane(resources).inputs["upgradePolicy"]).toEqual({ supportType: "STANDARD" });
  });

  it("says in a preview that no node pays the fee of Auto Mode", async () => {
    const preview = await create({}, { preview: true });
    expect(controlPlane(preview).inputs).toMatchObject({
      computeConfig: { enabled: false },
      kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: false } },
      storageConfig: { blockStorage: { enabled: false } },
    });
  });

  it("is protected from deletion in production only", async () => {
    expect(controlPlane(resources).inputs["deletionProtection"]).toBe(true);
    expect(controlPlane(await create({ environment: "staging" })).inputs["deletionProtection"]).toBe(false);
  });

  it("keeps its logs for the next longer period on offer and states their volume", () => {
    expect(onlyOf(resources, "LogGroup").inputs).toMatchObject({
      name: "/aws/eks/chat-test/cluster",
      retentionInDays: 60,
      tags: { team: "chat", "breakeven:gb-per-month": "12.5" },
    });
    expect(controlPlane(resources).inputs["name"]).toBe("chat-test");
    expect(controlPlane(resources).dependsOn).toContain("chat-control-plane");
  });

  it("lets exactly the listed principals administer it, besides the one that creates it", async () => {
    const admins = ["arn:aws:iam::123456789012:role/team/admin", "arn:aws:iam::210987654321:role/team/admin"];
    const shared = await create({ cluster: eks({ adminRoleArns: admins }) });
    expect(ofType(shared, "AccessEntry").map(({ name, inputs }) => [name, inputs["principalArn"]])).toEqual([
      ["chat-admin-123456789012-role-team-admin", admins[0]],
      ["chat-admin-210987654321-role-team-admin", admins[1]],
    ]);
    for (const { inputs } of ofType(shared, "AccessPolicyAssociation")) {
      expect(inputs["policyArn"]).toMatch(/AmazonEKSClusterAdminPolicy$/);
    }
    expect(ofType(resources, "AccessEntry")).toEqual([]);
    expect(controlPlane(resources).inputs["accessConfig"]).toEqual({
      authenticationMode: "API",
      bootstrapClusterCreatorAdminPermissions: true,
    });
  });

  it("gives nodes no permission beyond joining, addressing pods and pulling images", () => {
    const policies = ofType(resources, "RolePolicyAttachment")
      .filter(({ name }) => name.startsWith("chat-node-"))
      .map(({ inputs }) => inputs["policyArn"].split("/").at(-1));
    expect(policies.sort()).toEqual([
      "AmazonEC2ContainerRegistryPullOnly",
      "AmazonEKSWorkerNodePolicy",
      "AmazonEKS_CNI_Policy",
    ]);
  });

  it("enforces network policies", () => {
    const [networking] = ofType(resources, "Addon").filter(({ inputs }) => inputs["addonName"] === "vpc-cni");
    expect(JSON.parse(networking?.inputs["configurationValues"])).toEqual({ enableNetworkPolicy: "true" });
  });

  it("has networking before nodes, and nodes before DNS, metrics and volumes", () => {
    const nodes = onlyOf(resources, "NodeGroup");
    expect(nodes.dependsOn).toEqual(
      expect.arrayContaining(["chat-vpc-cni", "chat-kube-proxy", "chat-node-AmazonEKSWorkerNodePolicy"]),
    );
    for (const name of ["chat-coredns", "chat-metrics-server", "chat-aws-ebs-csi-driver"]) {
      expect(resources.find((resource) => resource.name === name)?.dependsOn).toContain(nodes.name);
    }
  });

  it("lets only the volume driver manage disks", () => {
    const [driver] = ofType(resources, "Addon").filter(({ inputs }) => inputs["addonName"] === "aws-ebs-csi-driver");
    expect(driver?.inputs["podIdentityAssociations"]).toEqual([
      { serviceAccount: "ebs-csi-controller-sa", roleArn: "arn:aws:mock:us-east-1:123456789012:chat-volumes" },
    ]);
  });

  it("makes encrypted gp3 disks for claims that name no storage class", () => {
    const { inputs, provider } = onlyOf(resources, "StorageClass");
    expect(inputs["metadata"]).toMatchObject({
      name: "gp3",
      annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
    });
    expect(inputs["parameters"]).toEqual({ type: "gp3", encrypted: "true" });
    expect(provider).toBe("chat-kubernetes");
  });

  it("runs system nodes on demand, on encrypted disks, out of reach of metadata thieves", () => {
    const { inputs } = onlyOf(resources, "LaunchTemplate");
    expect(inputs["blockDeviceMappings"][0].ebs).toMatchObject({
      volumeSize: 50,
      volumeType: "gp3",
      encrypted: "true",
    });
    expect(inputs["metadataOptions"]).toMatchObject({ httpTokens: "required", httpPutResponseHopLimit: 1 });
    expect(onlyOf(resources, "NodeGroup").inputs).toMatchObject({
      amiType: "AL2023_x86_64_STANDARD",
      capacityType: "ON_DEMAND",
      subnetIds: ["subnet-a", "subnet-b"],
      tags: { team: "chat", "breakeven:role": "system" },
    });
  });

  it("states number and type of system nodes in a preview", async () => {
    const preview = await create({}, { preview: true });
    expect(onlyOf(preview, "NodeGroup").inputs).toMatchObject({
      instanceTypes: ["m7i.large"],
      scalingConfig: { minSize: 3, desiredSize: 3, maxSize: 3 },
    });
  });

  it("reaches the cluster with a token per call and no stored secret", () => {
    const { inputs, dependsOn } = onlyOf(resources, "pulumi:providers:kubernetes");
    const { clusters, users } = JSON.parse(inputs["kubeconfig"]);
    expect(clusters[0].cluster.server).toBe("https://chat-eks.eks.example");
    expect(Object.keys(users[0].user)).toEqual(["exec"]);
    expect(users[0].user.exec).toMatchObject({
      command: "aws",
      args: ["eks", "get-token", "--cluster-name", "chat-test", "--region", "us-east-1", "--output", "json"],
    });
    expect(dependsOn).toContain("chat-coredns");
  });

  it("tells what other parts build on", async () => {
    expect(await resolved(cluster.clusterName)).toBe("chat-test");
    expect(await resolved(cluster.version)).toBe("1.35");
    expect(await resolved(cluster.clusterSecurityGroupId)).toBe("sg-cluster");
    expect(await resolved(cluster.nodeRoleArn)).toBe("arn:aws:mock:us-east-1:123456789012:chat-node");
    expect(await resolved(cluster.systemAutoscalingGroupName)).toBe("eks-chat-system");
  });

  it("refuses to keep logs longer than CloudWatch offers", async () => {
    await expect(create({ logRetentionDays: 500 })).rejects.toThrow("use at most 400");
  });
});
