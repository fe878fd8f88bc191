import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadCatalog } from "../../../catalog/load.ts";
import { clientKeysSpec, externalClients } from "../../../components/gateway/external-secrets.ts";
import { parsePlatformConfig } from "../../../config/parse.ts";
import { ask } from "../../../sandbox/gateway/client.ts";
import { rendered } from "../../components/gateway/rendered.ts";
import { keyOf, type Stage, type StageOptions, stackOf, startStage } from "./stage.ts";

const options: StageOptions = {
  tasks: { chat: { selfHosted: [] }, own: {} },
  gateway: {
    clients: { made: {}, "team-a": { tasks: ["chat"] } },
    externalSecrets: {
      store: { name: "vault" },
      apiKeys: { openai: { secret: "llm/openai" } },
      clients: { "team-a": { key: { secret: "llm/team-a" }, previous: { secret: "llm/team-a", version: "1" } } },
    },
  },
};

/** The second key file as the operator fills it. */
function keyFile(key: string, previous: string): string {
  const parsed = parsePlatformConfig(stackOf(options), loadCatalog());
  if (!parsed.ok) throw new Error("no config");
  const { gateway, tasks } = parsed.config;
  if (gateway.externalSecrets === undefined) throw new Error("no external secrets");
  const clients = externalClients(gateway, tasks);
  const { target } = clientKeysSpec(gateway.externalSecrets, "keys", clients, tasks, false);
  return rendered(target.template?.data["keys.json"] ?? "", { "team-a": key, "team-a.previous": previous });
}

describe("keys out of a store of secrets", () => {
  let stage: Stage;
  beforeAll(async () => {
    const brought = { providerKeys: { openai: "sk-first\n" }, keyFile: keyFile("key-of-a\n", "") };
    stage = await startStage({ ...options, brought });
  });
  afterAll(() => stage.end());

  const asking = (key: string, task = "chat") => ask(stage.gateway.url, { model: task, key });
  const authorization = () => stage.api.received.at(-1)?.headers.authorization;

  it("are good beside those made with the stack, for their own tasks", async () => {
    expect(await asking("key-of-a")).toMatchObject({ status: 200, text: stage.api.text });
    expect(await asking(keyOf("made"))).toMatchObject({ status: 200 });
    expect((await asking("key-of-a", "own")).status).toBe(403);
    expect((await asking("key-of-b")).status).toBe(401);
  });

  it("that are empty in the store are nobody's", async () => {
    for (const key of ["", " "]) expect((await asking(key)).status).toBe(401);
  });

  it("change without a restart, the one before good as long as it is named", async () => {
    const { pid } = stage.gateway;
    await stage.gateway.rotateBrought({ keyFile: keyFile("new-key-of-a", "key-of-a") });
    expect(await asking("new-key-of-a")).toMatchObject({ status: 200 });
    expect(await asking("key-of-a")).toMatchObject({ status: 200 });
    await stage.gateway.rotateBrought({ keyFile: keyFile("new-key-of-a", "") });
    expect((await asking("key-of-a")).status).toBe(401);
    expect(stage.gateway.pid).toBe(pid);
  });

  it.each([false, true])("of providers change without a restart (stream: %s)", async (stream) => {
    const { pid } = stage.gateway;
    const first = `sk-first-${stream}`;
    await stage.gateway.rotateBrought({ providerKeys: { openai: first } });
    expect(await stage.ask("chat", { stream })).toMatchObject({ complete: true, text: stage.api.text });
    expect(authorization()).toBe(`Bearer ${first}`);
    await stage.gateway.rotateBrought({ providerKeys: { openai: `${first}-changed` } });
    expect(await stage.ask("chat", { stream })).toMatchObject({ complete: true });
    expect(authorization()).toBe(`Bearer ${first}-changed`);
    expect(stage.gateway.pid).toBe(pid);
  });

  it("of providers are used by every fallback", async () => {
    await stage.gateway.rotateBrought({ providerKeys: { openai: "sk-fallback" } });
    const before = stage.api.received.length;
    for (const fault of ["500", "no-choices", "context-too-long", "resets"] as const) {
      stage.model("own-model").fault = fault;
      expect(await stage.ask("own"), fault).toMatchObject({ status: 200, text: stage.api.text });
    }
    const sent = stage.api.received.slice(before).map(({ headers }) => headers.authorization);
    expect([...new Set(sent)]).toEqual(["Bearer sk-fallback"]);
  });

  it("never reach a log or an answer", async () => {
    const log = await stage.gateway.log();
    expect(log).not.toMatch(/sk-first|sk-fallback|key-of-a/);
  });
});
