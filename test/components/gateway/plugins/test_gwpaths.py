import asyncio
import json

import gwpaths
import pytest

LIMIT = gwpaths.MAX_BODY_BYTES


class Inner:
    """The application behind the guard: reads the body, answers with these messages."""

    def __init__(self, *messages):
        self.messages = messages or ({"type": "http.response.start", "status": 200, "headers": []},)
        self.scope = None
        self.body = None
        self.after = None

    async def __call__(self, scope, receive, send):
        self.scope = scope
        self.body = await receive()
        self.after = await receive()
        for message in self.messages:
            await send(message)


def run(inner, path="/v1/chat/completions", headers=(), parts=(b"{}",), kind="http"):
    """Messages a client gets for a body in these parts."""
    scope = {"type": kind, "path": path, "headers": list(headers)}
    waiting = [
        {"type": "http.request", "body": part, "more_body": index + 1 < len(parts)} for index, part in enumerate(parts)
    ]
    sent = []

    async def receive():
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    asyncio.run(gwpaths.PathGuard(inner)(scope, receive, send))
    return sent


def start(*headers):
    return {"type": "http.response.start", "status": 200, "headers": list(headers)}


def refusal(sent, status):
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert sent[0]["status"] == status
    return json.loads(sent[1]["body"])["error"]["message"]


@pytest.mark.parametrize("path", sorted(gwpaths.ALLOWED))
def test_lets_the_six_paths_through(path):
    assert run(Inner(), path)[0]["status"] == 200
    assert len(gwpaths.ALLOWED) == 6


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/v1/chat/completions/",
        "//v1/chat/completions",
        "/V1/chat/completions",
        "/v1/chat/completions ",
        "/v1/chat/../chat/completions",
        "/v1/chat/completions\x00",
        "/chat/completions",
        "/health",
        "/metrics",
        "/key/generate",
        "/ünïcode",
    ],
)
def test_answers_nothing_on_other_paths_and_asks_nobody(path):
    inner = Inner()
    assert refusal(run(inner, path), 404) == "not found"
    assert inner.scope is None


def test_closes_web_sockets_and_leaves_the_start_alone():
    assert run(Inner(), kind="websocket") == [{"type": "websocket.close", "code": 1008}]
    assert run(Inner(), kind="lifespan")[0]["status"] == 200


def test_hands_over_a_body_in_parts_as_one_and_then_what_comes_after():
    inner = Inner()
    run(inner, parts=(b'{"a', b"", '": "ü"}'.encode()))
    assert inner.body == {"type": "http.request", "body": '{"a": "ü"}'.encode(), "more_body": False}
    assert inner.after == {"type": "http.disconnect"}


def test_takes_a_body_of_exactly_the_limit_and_no_byte_more():
    inner = Inner()
    assert run(inner, parts=(b"x" * (LIMIT - 1), b"x"))[0]["status"] == 200
    assert len(inner.body["body"]) == LIMIT
    inner = Inner()
    assert refusal(run(inner, parts=(b"x" * LIMIT, b"x")), 413) == "the request is larger than 1 MiB"
    assert inner.scope is None


@pytest.mark.parametrize("lengths", [[LIMIT + 1], [5, LIMIT + 1], [LIMIT + 1, 5], [10**30]])
def test_refuses_a_stated_length_before_it_reads(lengths):
    headers = [(b"content-length", str(length).encode()) for length in lengths]
    assert refusal(run(Inner(), headers=headers, parts=()), 413)


def test_counts_what_arrives_whatever_its_length_is_said_to_be():
    assert refusal(run(Inner(), headers=[(b"content-length", b"2")], parts=(b"x" * LIMIT, b"x")), 413)


def test_says_nothing_to_a_client_that_leaves_midway():
    inner = Inner()
    assert run(inner, parts=()) == []
    assert inner.scope is None


def test_drops_request_headers_that_steer():
    inner = Inner()
    kept = [(b"authorization", b"Bearer x"), (b"x-litellm-tags", b"restricted"), (b"x-data-class", b"restricted")]
    run(inner, headers=[*kept, (b"x-litellm-timeout", b"1"), (b"x-litellm-api-key", b"y"), (b"x-litellm-", b"z")])
    assert inner.scope["headers"] == kept


def test_drops_response_headers_that_tell_of_targets_and_spend():
    kept = [
        (b"content-type", b"application/json"),
        (b"X-LiteLLM-Model-Id", b"chat-ext"),
        (b"x-gateway-second-answer", b"y"),
    ]
    dropped = [
        (b"x-litellm-model-api-base", b"http://vllm"),
        (b"X-LITELLM-Key-Spend", b"1"),
        (b"llm_provider-date", b"z"),
    ]
    [message] = run(Inner(start(*kept, *dropped)))
    assert message["headers"] == kept


def body(text):
    return {"type": "http.response.body", "body": text, "more_body": bool(text)}


@pytest.mark.parametrize(
    ("kind", "counted"),
    [(b"text/event-stream", 3), (b"text/event-stream; charset=utf-8", 3), (b"application/json", 0), (None, 0)],
)
def test_counts_the_events_of_streams_and_nothing_else(kind, counted):
    headers = [(b"Content-Type", kind)] if kind else []
    before = gwpaths.STREAMED_EVENTS._value.get()
    run(Inner(start(*headers), body(b"data: 1\n\n"), body(b"data: 2\n\n"), body(b"data: [DONE]\n\n"), body(b"")))
    assert gwpaths.STREAMED_EVENTS._value.get() - before == counted


def test_stands_in_front_of_the_application():
    assert any(one.cls is gwpaths.PathGuard for one in gwpaths.app.user_middleware)
