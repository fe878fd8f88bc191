/**
 * Serves a LocalProvider to the engine over gRPC. The SDK's own `provider.main` tells the engine that it cannot
 * preview, so previews would copy inputs and leave computed values out; real AWS providers mark them unknown, and
 * policies must meet that. It also loads half as fast.
 */

import { createRequire } from "node:module";
import type * as Grpc from "@grpc/grpc-js";
import type * as Plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import type * as Messages from "@pulumi/pulumi/proto/provider_pb.js";
import { changedInputs, checkProviderInputs, type LocalProvider, type Resource } from "./local-provider.ts";
import type { Failure } from "./validate.ts";
import { containsUnknown, type Properties } from "./values.ts";

const require = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));
const grpc = require("@grpc/grpc-js") as typeof Grpc;
const messages = require("./proto/provider_pb.js") as typeof Messages;
const plugins = require("./proto/plugin_pb.js") as typeof Plugin;
const { ResourceProviderService } = require("./proto/provider_grpc_pb.js");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb.js");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js");

interface StructMessage {
  toJavaScript(): object;
}

interface ResourceRequest {
  getUrn(): string;
  getType(): string;
  getName(): string;
}

const properties = (message: StructMessage | undefined): Properties => (message?.toJavaScript() ?? {}) as Properties;
// JSON drops `undefined`, which a Struct cannot hold.
const struct = (value: Properties) => Struct.fromJavaScript(JSON.parse(JSON.stringify(value)));
const resourceOf = (request: ResourceRequest): Resource => ({
  urn: request.getUrn(),
  type: request.getType(),
  name: request.getName(),
});

const failuresOf = (failures: Failure[]) =>
  // The reason names the property; given it as a field, the engine would look up nested paths in vain and print <nil>.
  failures.map(({ reason }) => new messages.CheckFailure().setReason(reason));

function handlersOf(provider: LocalProvider) {
  return {
    getPluginInfo: () => new plugins.PluginInfo().setVersion(provider.sdk.version()),
    getSchema: () => new messages.GetSchemaResponse().setSchema("{}"),
    attach: () => new Empty(),
    cancel: () => new Empty(),

    checkConfig: (request: Messages.CheckRequest) =>
      new messages.CheckResponse()
        .setInputs(request.getNews())
        .setFailuresList(failuresOf(checkProviderInputs(provider, properties(request.getNews())))),

    diffConfig(request: Messages.DiffRequest) {
      const [olds, news] = [properties(request.getOldInputs()), properties(request.getNews())];
      return diffResponse(changedInputs(olds, news), [], containsUnknown(news));
    },

    async configure(request: Messages.ConfigureRequest) {
      const prefix = `${provider.name}:config:`;
      const config = new Map<string, string>();
      for (const [key, value] of request.getVariablesMap().entries()) config.set(key.replace(prefix, ""), value);
      await provider.configure?.(config);
      return new messages.ConfigureResponse().setSupportspreview(true);
    },

    check(request: Messages.CheckRequest) {
      const { inputs, failures } = provider.check(resourceOf(request), properties(request.getNews()));
      return new messages.CheckResponse().setInputs(struct(inputs)).setFailuresList(failuresOf(failures));
    },

    async diff(request: Messages.DiffRequest) {
      const [olds, news] = [properties(request.getOldInputs()), properties(request.getNews())];
      const [inputs, hasUnknown] = [changedInputs(olds, news), containsUnknown(news)];
      const isSettled = inputs.length === 0 && !hasUnknown;
      const changed = isSettled ? ((await provider.drift?.(resourceOf(request), news)) ?? []) : inputs;
      return diffResponse(changed, provider.replacedBy(changed, olds, news), hasUnknown);
    },

    async create(request: Messages.CreateRequest) {
      const inputs = properties(request.getProperties());
      const { id, outputs } = await provider.create(resourceOf(request), inputs, request.getPreview());
      return new messages.CreateResponse().setId(id).setProperties(struct(outputs));
    },

    async update(request: Messages.UpdateRequest) {
      const [inputs, olds] = [properties(request.getNews()), properties(request.getOlds())];
      const outputs = await provider.update(resourceOf(request), inputs, olds, request.getPreview());
      return new messages.UpdateResponse().setProperties(struct(outputs));
    },

    /** Without a cloud to ask, what the state says is what is there; `Vpc.get(…)` finds whatever it asks for. */
    async read(request: Messages.ReadRequest) {
      const known = properties(request.getProperties());
      const found = provider.read
        ? await provider.read(resourceOf(request), request.getId(), known)
        : await readFromState(provider, request, known);
      // Without an id the engine takes the resource for gone.
      if (found === undefined) return new messages.ReadResponse();
      return new messages.ReadResponse()
        .setId(request.getId())
        .setProperties(struct(found))
        .setInputs(request.getInputs() ?? request.getProperties());
    },

    async delete(request: Messages.DeleteRequest) {
      await provider.remove?.(resourceOf(request), properties(request.getProperties()));
      return new Empty();
    },

    invoke(request: Messages.InvokeRequest) {
      const result = provider.invoke(request.getTok(), properties(request.getArgs()));
      return new messages.InvokeResponse().setReturn(struct(result));
    },
  };
}

async function readFromState(provider: LocalProvider, request: Messages.ReadRequest, known: Properties) {
  const { outputs } = await provider.create(resourceOf(request), known, false);
  if ("id" in outputs) outputs.id = request.getId();
  return { ...outputs, ...known };
}

function diffResponse(changed: string[], replaces: string[], hasUnknown: boolean) {
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  return new messages.DiffResponse()
    .setChanges(changed.length > 0 || hasUnknown ? DIFF_SOME : DIFF_NONE)
    .setDiffsList(changed)
    .setReplacesList(replaces)
    .setDeletebeforereplace(true);
}

type Callback = (error: { code: number; message: string } | null, response?: unknown) => void;

/** Starts serving; the engine reads the port from standard output and ends the process when it is done. */
export function serve(provider: LocalProvider): void {
  const handlers: Record<string, (call: { request: never }, callback: Callback) => void> = {};
  for (const [method, answer] of Object.entries(handlersOf(provider))) {
    handlers[method] = async (call, callback) => {
      try {
        callback(null, await answer(call.request));
      } catch (error) {
        callback({ code: grpc.status.UNKNOWN, message: error instanceof Error ? error.message : String(error) });
      }
    };
  }
  // The engine's own limit; a Helm release's values can exceed gRPC's default of 4 MB.
  const maxMessageBytes = 400 * 1024 * 1024;
  const server = new grpc.Server({
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": maxMessageBytes,
  });
  server.addService(ResourceProviderService, handlers as unknown as Grpc.UntypedServiceImplementation);
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
}
