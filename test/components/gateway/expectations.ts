import { expect } from "vitest";
import { ofType, type RecordedResource } from "../mocks.ts";

/** Fails unless every pod a Deployment makes keeps to PodSecurity `restricted` and cannot write to its root. */
export function expectRestrictedPods(resources: readonly RecordedResource[]): void {
  const deployments = ofType(resources, "Deployment");
  expect(deployments.length).toBeGreaterThan(0);
  for (const { inputs } of deployments) {
    const pod = inputs["spec"].template.spec;
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    });
    expect(pod.securityContext.runAsUser).toBeGreaterThan(0);
    for (const volume of pod.volumes) expect(volume).not.toHaveProperty("hostPath");
    for (const container of pod.containers) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      const mounted = [...new Set(container.volumeMounts.map(({ name }: { name: string }) => name))].sort();
      expect(mounted).toEqual(pod.volumes.map(({ name }: { name: string }) => name).sort());
    }
  }
}

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** The value of an input that is marked as secret; fails when it is not. */
export function secretValue(input: unknown): unknown {
  expect(input).toMatchObject({ [SIGNATURE]: SECRET });
  return (input as { value: unknown }).value;
}

/** Inputs of all resources with secrets left out: what anyone may see. */
export const visible = (resources: readonly RecordedResource[]): string =>
  JSON.stringify(resources, (_, value) => (value?.[SIGNATURE] === SECRET ? "[secret]" : value));
