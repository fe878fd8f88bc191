import asyncio
import json
import sys
import types
from types import SimpleNamespace as Part

import gwanswers
import pytest
from litellm.exceptions import ServiceUnavailableError

NUMBER = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
SORRY = "I'm sorry, but I can't help with that."
SORRY_WORDS = ["I'm sorry, ", "but I ", "can't help ", "with that."]


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(gwanswers, "credit", {})


@pytest.fixture
def second(monkeypatch):
    """The other group: what it was asked, and the answer or error it gives."""
    router = Part(asked=[], answer=None)

    async def acompletion(**request):
        router.asked.append(request)
        if isinstance(router.answer, Exception):
            raise router.answer
        return router.answer

    router.acompletion = acompletion
    server = types.ModuleType("litellm.proxy.proxy_server")
    server.llm_router = router
    monkeypatch.setitem(sys.modules, "litellm.proxy.proxy_server", server)
    return router


def whole(content, finish_reason="stop", **message):
    message = Part(**{"content": content, "tool_calls": None, "reasoning_content": None, **message})
    return Part(choices=[Part(message=message, finish_reason=finish_reason)])


def asked(group="chat", **body):
    return {"model": group, "messages": [{"role": "user", "content": "hi"}], **body}


def one_piece(data, response):
    return asyncio.run(gwanswers.answers.async_post_call_success_hook(data, None, response))


def piece(content=None, finish_reason=None, **delta):
    return Part(choices=[Part(delta=Part(content=content, **delta), finish_reason=finish_reason)])


class Stream:
    """A stream as LiteLLM's wrapper is: it keeps the chunks of the target beside those it sends."""

    def __init__(self, *pieces, error=None, ends_early=False, waits=False):
        self.pieces, self.error, self.waits = pieces, error, waits
        self.chunks = [] if ends_early else list(pieces)

    async def __aiter__(self):
        for one in self.pieces:
            yield one
        if self.error:
            raise self.error
        if self.waits:
            await asyncio.Event().wait()


def told(words, finish_reason="stop"):
    pieces = [piece(word) for word in words]
    return [*pieces, piece(finish_reason=finish_reason)] if finish_reason else pieces


async def collected(data, stream):
    hook = gwanswers.answers.async_post_call_streaming_iterator_hook(None, stream, data)
    return "".join([one.choices[0].delta.content or "" async for one in hook if one.choices])


def streamed(data, stream):
    return asyncio.run(collected(data, stream))


@pytest.mark.parametrize(
    ("text", "finish_reason", "is_capped", "expected"),
    [
        ("Yes.", "stop", False, None),
        ("42", "stop", False, None),
        ("🙂", "stop", False, None),
        ("", "stop", False, "empty"),
        (None, "stop", True, "empty"),
        (" \n\t", "stop", False, "empty"),
        ("\u00a0\u2003", "stop", False, "empty"),
        (SORRY, "stop", False, "refused_or_unsure"),
        ("  **I’m sorry**, no.", "stop", False, "refused_or_unsure"),
        ("I AM NOT SURE about that", "stop", False, "refused_or_unsure"),
        ("I can’t do this.", "stop", False, "refused_or_unsure"),
        ("I cannot do this.", "stop", False, "refused_or_unsure"),
        ("I don’t know.", "stop", False, "refused_or_unsure"),
        ("As an AI, I have no opinion.", "stop", False, "refused_or_unsure"),
        ("Es tut mir leid, das geht nicht.", "stop", False, "refused_or_unsure"),
        ("ICH WEISS ES NICHT", "stop", False, "refused_or_unsure"),
        ("Ich weiß nicht.", "stop", False, "refused_or_unsure"),
        ("Ich kann Ihnen dabei nicht helfen.", "stop", False, "refused_or_unsure"),
        ("He said: I'm sorry.", "stop", False, None),
        ("As an aid to memory", "stop", False, None),
        ("I can help.", "stop", False, None),
        ("Ich kann nichts Schöneres nennen", "stop", False, None),
        ("申し訳ありません", "stop", False, None),
        ("half an ans", "length", False, "cut"),
        ("half an ans", "length", True, None),
        ("x" * 5_000_000, "stop", False, None),
        ("*" * 5_000_000, "stop", False, None),
    ],
)
def test_judges_an_answer(text, finish_reason, is_capped, expected):
    assert gwanswers.verdict(text, finish_reason, is_capped) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"n": 1}', None),
        (' {"n": 1, "more": "ü🙂"}\n', None),
        ('{"n": "1"}', "schema"),
        ("{}", "schema"),
        ('{"n": 1', "schema"),
        ('```json\n{"n": 1}\n```', "schema"),
        ("null", "schema"),
        ("[" * 100_000, "schema"),
        ("[" * 100_000 + "]" * 100_000, "schema"),
    ],
)
def test_judges_an_answer_by_the_schema_that_was_asked_for(text, expected):
    assert gwanswers.verdict(text, "stop", False, NUMBER) == expected


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "nonsense"},
        {"type": 7},
        {"properties": []},
        # Would make the gateway call an address of the client's choice.
        {"$ref": "http://127.0.0.1:9/schema"},
        {"properties": {"n": {"$ref": "http://127.0.0.1:9/schema"}}},
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "$dynamicRef": "http://127.0.0.1:9/schema"},
        # Would keep it busy for longer than anybody waits.
        {"properties": {"t": {"pattern": "^(a+)+$"}}},
        {"patternProperties": {"^(a+)+$": {"type": "integer"}}},
        {
            "allOf": [{"$ref": "#/$defs/d0"}] * 2,
            "$defs": {f"d{level}": {"allOf": [{"$ref": f"#/$defs/d{level + 1}"}] * 2} for level in range(60)}
            | {"d60": {}},
        },
        {"allOf": [{"$ref": "#"}]},
    ],
)
def test_takes_json_for_enough_where_a_schema_is_none_or_could_be_used_against_it(schema, monkeypatch):
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: pytest.fail("asked for a remote schema"))
    hard = json.dumps({"n": 1, "t": "a" * 60 + "!", "a" * 60 + "!": "x"})
    assert gwanswers.verdict(hard, "stop", False, schema) is None
    assert gwanswers.verdict(hard[:-1], "stop", False, schema) == "schema"


@pytest.mark.parametrize("wanted", [None, "json", [], {}, {"type": "json_object"}, {"json_schema": None}])
def test_finds_no_schema_where_none_was_asked_for(wanted):
    assert gwanswers.schema_of({"response_format": wanted}) is None


def test_finds_the_schema_that_was_asked_for():
    wanted = {"type": "json_schema", "json_schema": {"name": "n", "schema": NUMBER}}
    assert gwanswers.schema_of({"response_format": wanted}) == NUMBER


@pytest.mark.parametrize(
    ("data", "group"),
    [
        (asked(), "chat"),
        (asked("x", metadata={"model_group": "chat"}), "chat"),
        (asked("x", litellm_metadata={"model_group": "chat"}), "chat"),
        (asked("auto", metadata={"model_group": "auto", "pre_routing_selected_model": "chat"}), "chat"),
        (asked(metadata="text"), "chat"),
        (asked("unknown"), None),
        (asked(metadata={"model_info": {"external": True}}), None),
        ({"model": "chat"}, None),
        ({"model": "chat", "messages": []}, None),
        ({}, None),
    ],
)
def test_judges_answers_of_own_models_of_chats_alone(data, group):
    found = gwanswers.rule_of(data)
    assert (found and found[0]) == group


def test_asks_again_about_opinions_within_the_share_that_is_paid_for():
    again = 0
    for _ in range(1000):
        gwanswers.count_answer("chat", gwanswers.RULES["chat"])
        again += gwanswers.may_ask_again("chat", "refused_or_unsure")
    assert 250 <= again <= 251


def test_saves_up_for_a_bad_moment_but_not_for_ever():
    for _ in range(10_000):
        gwanswers.count_answer("chat", gwanswers.RULES["chat"])
    assert sum(gwanswers.may_ask_again("chat", "cut") for _ in range(100)) == gwanswers.MOST_CREDIT


def test_always_asks_again_about_faults():
    assert all(gwanswers.may_ask_again("chat", reason) for reason in ["empty", "broken"] * 50)
    assert gwanswers.may_ask_again("chat", "cut")


def test_keeps_a_good_answer(second):
    answer = whole("Yes.")
    assert one_piece(asked(), answer) is answer
    assert second.asked == []


def test_asks_again_with_what_the_client_said_about_the_answer_and_nothing_else(second):
    second.answer = whole("better")
    content = [{"type": "text", "text": "ü"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}]
    tools = [{"type": "function", "function": {"name": "f"}}]
    data = asked(
        messages=[{"role": "user", "content": content}],
        tools=tools,
        temperature=0.5,
        api_base="http://evil",
        api_key="sk",
        fallbacks=["x"],
        proxy_server_request={},
        metadata={
            "user_api_key_metadata": {"data_class": "restricted"},
            "tags": ["a"],
            "model_group": "chat",
            "model_info": {},
            "deployment": "d",
            "pre_routing_selected_model": "chat",
        },
    )
    assert one_piece(data, whole(SORRY)) is second.answer
    assert second.asked == [
        {
            "model": "chat-ext",
            "messages": [{"role": "user", "content": content}],
            "tools": tools,
            "temperature": 0.5,
            "stream": False,
            "metadata": {"user_api_key_metadata": {"data_class": "restricted"}, "tags": ["a"]},
        }
    ]
    headers = gwanswers.answers.async_post_call_response_headers_hook(data, None, None)
    assert asyncio.run(headers) == {"x-gateway-second-answer": "chat-ext; refused_or_unsure"}


@pytest.mark.parametrize("answer", [RuntimeError("down"), whole(SORRY), whole(""), Part(choices=[])])
def test_keeps_the_first_answer_when_the_second_fails_or_is_no_better(second, answer):
    second.answer = answer
    first = whole(SORRY)
    assert one_piece(asked(), first) is first
    assert len(second.asked) == 1


@pytest.mark.parametrize(
    ("data", "first"),
    [
        (asked("plain"), whole(SORRY)),
        (asked(), whole(None, tool_calls=[{"id": "1"}])),
        (asked(), whole(None, reasoning_content="thinking")),
        (asked(max_tokens=5), whole("")),
        (asked(max_completion_tokens=5), whole("half", "length")),
        (asked("alone"), whole("")),
        (asked("unknown"), whole("")),
        (asked(metadata={"model_info": {"external": True}}), whole("")),
        (asked(), Part(data=[])),
    ],
)
def test_leaves_alone_what_is_nobodys_business(second, data, first):
    assert one_piece(data, first) is first
    assert second.asked == []


@pytest.mark.parametrize("first", [whole(""), whole(None), Part(choices=[])])
def test_asks_again_for_answers_without_content_even_where_nothing_is_judged(second, first):
    second.answer = whole("something")
    assert one_piece(asked("plain"), first) is second.answer


def test_streams_a_good_answer_unchanged(second):
    assert streamed(asked(), Stream(*told(["Größe ", "🙂 ", "und mehr als zwanzig Zeichen"]))) == (
        "Größe 🙂 und mehr als zwanzig Zeichen"
    )
    assert second.asked == []


@pytest.mark.parametrize(
    "first",
    [
        Stream(*told(SORRY_WORDS)),
        Stream(piece(finish_reason="stop")),
        Stream(),
        Stream(piece("half"), error=RuntimeError("reset")),
        Stream(*told(["short"]), ends_early=True),
    ],
)
def test_streams_the_second_answer_when_the_beginning_is_no_good(second, first):
    second.answer = Stream(*told(["better"]))
    assert streamed(asked(), first) == "better"
    assert second.asked[0]["stream"] is True


def test_streams_the_first_answer_when_the_second_fails(second):
    second.answer = RuntimeError("down")
    assert streamed(asked(), Stream(*told(SORRY_WORDS))) == SORRY
    with pytest.raises(RuntimeError, match="reset"):
        streamed(asked(), Stream(piece("half"), error=RuntimeError("reset")))


def test_says_so_when_a_stream_ends_without_the_model_having_said_why(second):
    long = ["more than twenty characters of it, ", "and then"]
    with pytest.raises(ServiceUnavailableError, match="the stream ended early"):
        streamed(asked(), Stream(*told(long), ends_early=True))
    with pytest.raises(ServiceUnavailableError):
        streamed(asked("alone"), Stream(*told(long), ends_early=True))
    assert second.asked == []


@pytest.mark.parametrize("delta", [{"tool_calls": [{"id": "1"}]}, {"reasoning_content": "thinking"}])
def test_holds_back_neither_tool_calls_nor_reasoning(delta):
    async def first():
        stream = Stream(piece(**delta), waits=True)
        hook = gwanswers.answers.async_post_call_streaming_iterator_hook(None, stream, asked())
        return await asyncio.wait_for(anext(aiter(hook)), 5)

    assert asyncio.run(first()).choices[0].delta.content is None


@pytest.mark.parametrize(
    ("text", "is_enough"), [("x" * 20, False), ("x" * 21, True), ("🙂" * 21, True), (" " * 99, False)]
)
def test_holds_back_as_many_characters_as_it_is_told(text, is_enough):
    assert gwanswers.Beginning(20).add(piece(text)) is is_enough


def test_passes_streams_of_others_through_as_they_come():
    assert streamed(asked("unknown"), Stream(piece(""), error=None)) == ""
    with pytest.raises(RuntimeError):
        streamed(asked("unknown"), Stream(piece("a"), error=RuntimeError()))
