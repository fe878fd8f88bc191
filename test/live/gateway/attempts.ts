import fc from "fast-check";

/** One request of a client that wants its data to leave. */
export interface Attempt {
  readonly method: "POST" | "GET" | "PUT" | "DELETE";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Aim {
  readonly count: number;
  readonly seed: number;
  /** Task the key is good for. */
  readonly task: string;
  /** Address of the external fake. */
  readonly elsewhere: string;
}

/** Paths LiteLLM 1.106.2 serves, the four that are meant to answer among them. */
const PATHS = `
  /v1/chat/completions /v1/completions /v1/embeddings /v1/models
  /chat/completions /completions /embeddings /models /engines/chat/chat/completions /openai/deployments/chat/chat/completions
  /v1/responses /responses /v1/messages /v1/messages/count_tokens /v1/moderations /moderations /v1/images/generations
  /v1/audio/speech /v1/audio/transcriptions /v1/rerank /rerank /v2/rerank /v1/batches /v1/files /v1/fine_tuning/jobs
  /v1/assistants /v1/threads /v1/vector_stores /v1beta/models/chat:generateContent /models/chat:generateContent
  /openai/v1/chat/completions /anthropic/v1/messages /gemini/v1beta/models/gemini-3.8-flash:generateContent
  /vertex_ai/v1/projects /bedrock/model/x/invoke /azure/chat /cohere/v1/chat /vllm/v1/chat/completions /mistral/v1/chat/completions
  /model/new /model/info /v1/model/info /model/update /config/update /get/config/callbacks /key/generate /user/new /team/new
  /health /health/services /routes /openapi.json /ui /mcp /mcp-rest/tools/list /sso/key/generate /utils/transform_request
  /v1//chat/completions /v1/chat/completions/ /v1/../openai/v1/chat/completions /V1/CHAT/COMPLETIONS /metrics
`
  .trim()
  .split(/\s+/);

const record = (arbitraries: Record<string, fc.Arbitrary<unknown>>) => fc.record(arbitraries, { requiredKeys: [] });

function bodies(task: string, elsewhere: string): fc.Arbitrary<Record<string, unknown>> {
  const models = [
    task,
    `${task},openai/gpt-6.1-terra`,
    `${task}-ext`,
    `${task}-local`,
    "chat",
    "chat-ext",
    "openai/gpt-6.1-terra",
    "gpt-4o",
    "hosted_vllm/other",
    "*",
    "openai/*",
    "auto",
    ["openai/gpt-4o", task],
    null,
  ];
  const model = fc.oneof(
    { weight: 2, arbitrary: fc.constant(task) },
    { weight: 1, arbitrary: fc.constantFrom(...models) },
  );
  const target = fc.constantFrom(elsewhere, "https://api.openai.com/v1");
  const names = fc.array(fc.constantFrom("openai/gpt-6.1-terra", `${task}-ext`, "chat-ext", "gpt-4o"), {
    maxLength: 3,
  });
  const params = record({
    model,
    api_base: target,
    api_key: fc.constant("sk-evil"),
    custom_llm_provider: fc.constant("openai"),
  });
  const fallbacks = fc.oneof(names, fc.constant([{ [task]: ["openai/gpt-4o"] }]), fc.array(params, { maxLength: 2 }));
  const metadata = record({
    tags: fc.array(fc.constantFrom("internal", "external", "restricted", "public")),
    user_api_key_metadata: fc.constant({ data_class: "public" }),
    model_info: fc.constant({ external: false }),
    headers: fc.constant({ "x-data-class": "public" }),
    fallbacks,
    model_group: model,
    pre_routing_selected_model: model,
  });
  const steering = record({
    fallbacks,
    context_window_fallbacks: fallbacks,
    content_policy_fallbacks: fallbacks,
    default_fallbacks: names,
    router_settings_override: record({ fallbacks, model_group_alias: fc.constant({ [task]: "openai/gpt-4o" }) }),
    api_base: target,
    base_url: target,
    api_key: fc.constant("sk-evil"),
    api_version: fc.constant("2024-01-01"),
    custom_llm_provider: fc.constantFrom("openai", "azure", "anthropic"),
    model_list: fc.array(fc.record({ model_name: model, litellm_params: params }), { maxLength: 2 }),
    user_config: fc.record({
      model_list: fc.array(fc.record({ model_name: model, litellm_params: params }), { maxLength: 1 }),
    }),
    litellm_params: params,
    litellm_metadata: metadata,
    metadata,
    model_info: fc.constant({ external: false }),
    specific_deployment: fc.boolean(),
    num_retries: fc.nat(3),
    max_retries: fc.nat(3),
    max_fallbacks: fc.nat(5),
    timeout: fc.constantFrom(0.01, 1),
    mock_response: fc.constant("hello"),
    extra_headers: fc.constant({ "x-data-class": "public" }),
    extra_body: params,
    organization: fc.constant("evil"),
    drop_params: fc.boolean(),
    guardrails: names,
    cache: fc.constant({ "no-cache": true }),
    _target_order: fc.nat(3),
    _excluded_deployment_ids: names,
    disable_fallbacks: fc.boolean(),
    order: fc.nat(3),
    tools: fc.constant([{ type: "mcp", server_url: elsewhere, server_label: "x", require_approval: "never" }]),
    web_search_options: fc.constant({}),
    prompt_id: fc.constant("x"),
    input: fc.string({ maxLength: 20 }),
    prompt: fc.string({ maxLength: 20 }),
  });
  const content = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.constant("LITELLM ESCALATE"),
    fc.constant([{ type: "image_url", image_url: { url: `${elsewhere}/image.png` } }]),
    fc.constant([{ type: "file", file: { file_id: `${elsewhere}/file` } }]),
  );
  const messages = fc.array(fc.record({ role: fc.constantFrom("user", "system", "assistant"), content }), {
    minLength: 1,
    maxLength: 2,
  });
  return fc
    .tuple(
      fc.record({ model, messages, stream: fc.boolean() }),
      fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 3, arbitrary: few(steering) }),
    )
    .map(([plain, extra]) => ({ ...plain, ...extra }));
}

/** Mostly one or two fields at a time: with all at once the first refused one would hide the others. */
const few = (fields: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<Record<string, unknown>> =>
  fc.tuple(fields, fc.integer({ min: 1, max: 3 }), fc.nat()).map(([all, count, start]) => {
    const keys = Object.keys(all);
    const picked = keys
      .slice(start % (keys.length || 1))
      .concat(keys)
      .slice(0, count);
    return Object.fromEntries(picked.map((key) => [key, all[key]]));
  });

function headers(task: string, elsewhere: string): fc.Arbitrary<Record<string, string>> {
  return fc
    .record(
      {
        "x-data-class": fc.constantFrom("public", "internal", "external", ""),
        "x-litellm-timeout": fc.constantFrom("0.01", "1"),
        "x-litellm-stream-timeout": fc.constant("0.01"),
        "x-litellm-num-retries": fc.constant("3"),
        "x-litellm-tags": fc.constantFrom("external", "public"),
        "x-litellm-model": fc.constantFrom("openai/gpt-4o", `${task}-ext`),
        "x-litellm-api-key": fc.constantFrom("sk-evil", "sk-nobody-holds-this-key"),
        "x-litellm-enable-message-redaction": fc.constant("true"),
        "openai-organization": fc.constant("evil"),
        "x-forwarded-host": fc.constant(new URL(elsewhere).host),
        "x-pass-authorization": fc.constant("Bearer sk-evil"),
        "api-key": fc.constant("sk-evil"),
        "x-api-key": fc.constant("sk-evil"),
      },
      { requiredKeys: [] },
    )
    .map((all) => Object.fromEntries(Object.entries(all).slice(0, 3)));
}

/** The same attempts for the same seed. Half of them go to the paths that are meant to answer. */
export function attempts({ count, seed, task, elsewhere }: Aim): readonly Attempt[] {
  const path = fc.oneof(
    { weight: 4, arbitrary: fc.constant("/v1/chat/completions") },
    { weight: 1, arbitrary: fc.constantFrom("/v1/completions", "/v1/embeddings", "/v1/models") },
    { weight: 5, arbitrary: fc.constantFrom(...PATHS) },
  );
  const attempt = fc.record({
    method: fc.oneof(
      { weight: 9, arbitrary: fc.constant("POST" as const) },
      { weight: 1, arbitrary: fc.constantFrom("GET" as const, "PUT" as const, "DELETE" as const) },
    ),
    path,
    headers: fc.oneof(fc.constant({}), headers(task, elsewhere)),
    body: bodies(task, elsewhere).map((body) => JSON.stringify(body)),
  });
  return fc.sample(attempt, { numRuns: count, seed });
}

/** Status of the answer, 0 where the connection broke. */
export async function send(url: string, key: string, { method, path, headers, body }: Attempt): Promise<number> {
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
      ...(method === "GET" ? {} : { body }),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}
