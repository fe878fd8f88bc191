import { fileURLToPath } from "node:url";
import { openStack } from "../sandbox/workspace.ts";

const projectDir = fileURLToPath(new URL("..", import.meta.url));

/** Previews of the production stack without and with the policy pack, on stacks of their own. */
export async function previewCases(): Promise<{ cases: Record<string, () => Promise<void>>; close: () => void }> {
  const plain = await openStack({ stackName: "prod", projectDir });
  const guarded = await openStack({ stackName: "prod", projectDir, policyPacks: [{ dir: `${projectDir}policies` }] });
  const expectOk = async (preview: Promise<{ verdict: string; text: string }>): Promise<void> => {
    const { verdict, text } = await preview;
    if (verdict !== "ok") throw new Error(`the preview ended ${verdict}\n${text}`);
  };
  return {
    cases: {
      "preview of prod without the pack": () => expectOk(plain.preview()),
      "preview of prod with the pack": () => expectOk(guarded.preview()),
    },
    close: () => {
      plain.close();
      guarded.close();
    },
  };
}
