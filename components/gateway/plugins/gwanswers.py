"""Second answers: where an own model breaks off or its answer is no good, another group is asked, once.

answers.json, next to this file, says for which model groups:
{"chat": {"next": "chat-ext", "check": {"hold": 60, "share": 0.04}}, "contracts": {}}
Without "check" only answers without any content are asked again: what broke before it began. With it the beginning
(of a stream its first `hold` characters, which are held back) is judged as well, and of all answers at most `share`
are asked again. A second answer that fails or is no better leaves the first one as it is. Without "next" nothing is
asked again, and a stream that ends before its time still says so.
"""

import json
import pathlib
import re

import jsonschema
import litellm
from litellm._logging import verbose_proxy_logger as log
from litellm.integrations.custom_logger import CustomLogger
from prometheus_client import Counter

RULES: dict[str, dict] = json.loads(pathlib.Path(__file__).with_name("answers.json").read_text())
SECOND_ANSWERS = Counter(
    "gateway_second_answers", "Answers asked again elsewhere", ["requested_model", "reason", "outcome"]
)

REFUSED = re.compile(
    r"^\W*(i(['’]| a)m (sorry|not sure|unable)|sorry,|i (can(['’]|no)t|do(n['’]t| not) know)|as an ai\b"
    r"|es tut mir leid|ich wei(ß|ss) (es )?nicht|ich kann (ihnen )?(dabei )?nicht\b)",
    re.IGNORECASE,
)
# What a client may say about the answer itself; everything else belongs to the first call.
PASSED_ON = frozenset(
    [
        "frequency_penalty",
        "functions",
        "logit_bias",
        "logprobs",
        "max_completion_tokens",
        "max_tokens",
        "messages",
        "n",
        "parallel_tool_calls",
        "presence_penalty",
        "reasoning_effort",
        "response_format",
        "seed",
        "stop",
        "stream_options",
        "temperature",
        "tool_choice",
        "tools",
        "top_logprobs",
        "top_p",
        "user",
    ]
)
# Escalations a quiet task may save up for a bad moment.
MOST_CREDIT = 10.0
credit: dict[str, float] = {}


def verdict(text, finish_reason, is_capped, schema=None) -> str | None:
    """Why an answer is no good; None when it is."""
    text = (text or "").strip()
    if not text:
        return "empty"
    if REFUSED.match(text):
        return "refused_or_unsure"
    if finish_reason == "length" and not is_capped:
        return "cut"
    if schema is not None and not fits(text, schema):
        return "schema"
    return None


# A schema is a client's own text. A reference may name an address, which would be asked for here, and both references and
# regular expressions can be made to take longer than anybody waits.
NOT_JUDGED = ('"$ref', '"$dynamicRef', '"$recursiveRef', '"pattern')


def fits(text, schema) -> bool:
    """Whether an answer is JSON and valid; of a schema that is none, or that could keep the gateway busy, JSON is enough."""
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return False
    try:
        if not any(word in json.dumps(schema) for word in NOT_JUDGED):
            jsonschema.validate(answer, schema)
    except jsonschema.ValidationError:
        return False
    except (jsonschema.SchemaError, RecursionError):
        return True
    return True


def schema_of(data) -> dict | None:
    wanted = data.get("response_format")
    return (wanted.get("json_schema") or {}).get("schema") if isinstance(wanted, dict) else None


def metadata_of(data) -> dict:
    return next((m for key in ("metadata", "litellm_metadata") if isinstance(m := data.get(key), dict)), {})


def rule_of(data) -> tuple[str, dict] | None:
    """Rule of the group that answered; none when it was a commercial API, there is nobody better."""
    metadata = metadata_of(data)
    group = metadata.get("pre_routing_selected_model") or metadata.get("model_group") or data.get("model")
    if group not in RULES or not data.get("messages") or (metadata.get("model_info") or {}).get("external"):
        return None
    return group, RULES[group]


def may_ask_again(group, reason) -> bool:
    """Faults always; opinions within the share that is paid for."""
    if reason in ("empty", "broken"):
        return True
    if credit.get(group, 1.0) < 1:
        SECOND_ANSWERS.labels(group, reason, "over_share").inc()
        return False
    credit[group] = credit.get(group, 1.0) - 1
    return True


def count_answer(group, rule) -> None:
    if check := rule.get("check"):
        credit[group] = min(MOST_CREDIT, credit.get(group, 1.0) + check["share"])


async def ask_next(data, group, rule, reason, stream):
    """The other group's answer or None. Runs with the caller's metadata: guard, tags and spend apply to it."""
    from litellm.proxy.proxy_server import llm_router

    if "next" not in rule or not may_ask_again(group, reason):
        return None
    metadata = {
        key: value for key, value in metadata_of(data).items() if key not in ("model_group", "model_info", "deployment")
    }
    metadata.pop("pre_routing_selected_model", None)
    body = {key: value for key, value in data.items() if key in PASSED_ON}
    try:
        answer = await llm_router.acompletion(**body, model=rule["next"], stream=stream, metadata=metadata)
    except Exception as error:  # noqa: BLE001 - whatever it is, the first answer stays
        log.warning("second answer of %s failed: %s", group, type(error).__name__)
        SECOND_ANSWERS.labels(group, reason, "failed").inc()
        return None
    SECOND_ANSWERS.labels(group, reason, "answered").inc()
    metadata_of(data)["gateway_second_answer"] = f"{rule['next']}; {reason}"
    return answer


class Beginning:
    """The first chunks of a stream, held back until they can be judged."""

    def __init__(self, hold):
        self.hold = hold
        self.chunks = []
        self.text = ""
        self.finish_reason = None
        self.is_other = False

    def add(self, chunk) -> bool:
        """Takes a chunk; true when enough is known."""
        self.chunks.append(chunk)
        choice = chunk.choices[0] if getattr(chunk, "choices", None) else None
        if choice is None:
            return False
        delta = choice.delta
        self.text += getattr(delta, "content", None) or ""
        self.finish_reason = choice.finish_reason or self.finish_reason
        # Tool calls and reasoning are content that cannot be judged.
        self.is_other = bool(getattr(delta, "tool_calls", None) or getattr(delta, "reasoning_content", None))
        return self.is_other or bool(self.finish_reason) or len(self.text.strip()) > self.hold


async def to_the_end(stream, group):
    """The stream; raises where it ends without the model having said so, which LiteLLM passes off as a proper end."""
    sent = getattr(stream, "chunks", None)
    async for chunk in stream:
        # Once LiteLLM has gone over to another target the chunks are not those of this one.
        is_known = sent is not None and not getattr(stream, "fallback_headers_adopted", False)
        if is_known and finish_reason_of(chunk) and not any(finish_reason_of(one) for one in sent[-3:]):
            raise litellm.ServiceUnavailableError("the stream ended early", llm_provider="hosted_vllm", model=group)
        yield chunk


def finish_reason_of(chunk) -> str | None:
    choices = getattr(chunk, "choices", None)
    return choices[0].finish_reason if choices else None


class Answers(CustomLogger):
    async def async_post_call_success_hook(self, data, user_api_key_dict, response):
        choices = getattr(response, "choices", None)
        if choices is None or (found := rule_of(data)) is None:
            return response
        group, rule = found
        count_answer(group, rule)
        reason = reason_of(data, rule, choices)
        if reason is None:
            return response
        second = await ask_next(data, group, rule, reason, False)
        is_better = second is not None and (reason == "empty" or reason_of(data, rule, second.choices) is None)
        return second if is_better else response

    async def async_post_call_streaming_iterator_hook(self, user_api_key_dict, response, request_data):
        found = rule_of(request_data)
        if found is None:
            async for chunk in response:
                yield chunk
            return
        group, rule = found
        count_answer(group, rule)
        check = rule.get("check")
        beginning = Beginning(check["hold"] if check else 0)
        chunks = to_the_end(response, group)
        reason, is_over, error = None, False, None
        try:
            while not is_over:
                try:
                    if beginning.add(await chunks.__anext__()):
                        break
                except StopAsyncIteration:
                    is_over = True
        except Exception as broken:  # noqa: BLE001 - nothing was shown yet
            error, reason = broken, "broken"
        if error is None and not beginning.is_other:
            reason = verdict(beginning.text, beginning.finish_reason, True)
            if not check and reason != "empty":
                reason = None
        if reason is not None and (second := await ask_next(request_data, group, rule, reason, True)) is not None:
            async for chunk in second:
                yield chunk
            return
        if error is not None:
            raise error
        for chunk in beginning.chunks:
            yield chunk
        if not is_over:
            async for chunk in chunks:
                yield chunk

    async def async_post_call_response_headers_hook(
        self, data, user_api_key_dict, response, request_headers=None, litellm_call_info=None
    ):
        second = metadata_of(data).get("gateway_second_answer")
        return {"x-gateway-second-answer": second} if second else None


def reason_of(data, rule, choices) -> str | None:
    """Why an answer in one piece is asked again."""
    if not choices:
        return "empty"
    message = choices[0].message
    if message.tool_calls:
        return None
    is_capped = bool(data.get("max_tokens") or data.get("max_completion_tokens"))
    # Reasoning that used up all tokens is the client's own limit.
    if not (message.content or "").strip() and (is_capped or getattr(message, "reasoning_content", None)):
        return None
    if not rule.get("check"):
        return None if (message.content or "").strip() else "empty"
    return verdict(message.content, choices[0].finish_reason, is_capped, schema_of(data))


answers = Answers()
