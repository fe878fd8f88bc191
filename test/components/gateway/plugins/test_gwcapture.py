import asyncio
import json
from types import SimpleNamespace as Part

import gwcapture
import pytest


@pytest.fixture(autouse=True)
def kept(monkeypatch):
    """Records that would be stored."""
    records = []
    monkeypatch.setattr(gwcapture, "store", Part(add=lambda task, line: records.append((task, json.loads(line)))))
    return records


def asked(model="chat", **body):
    return {"model": model, "litellm_call_id": "id-1", "messages": [{"role": "user", "content": "Größe?"}], **body}


def answered(content="Groß 🙂", finish_reason="stop", **message):
    message = Part(content=content, **message)
    return Part(
        choices=[Part(message=message, finish_reason=finish_reason)], _hidden_params={"model_id": "chat-on-qwen"}
    )


def whole(data, response):
    return asyncio.run(gwcapture.capture.async_post_call_success_hook(data, None, response))


def stream(data, pieces):
    async def chunks():
        for one in pieces:
            yield one

    async def collected():
        hook = gwcapture.capture.async_post_call_streaming_iterator_hook(None, chunks(), data)
        return [one async for one in hook]

    return asyncio.run(collected())


def piece(content=None, finish_reason=None, **delta):
    return Part(choices=[Part(delta=Part(content=content, **delta), finish_reason=finish_reason)])


def test_samples_by_the_id_alone_and_as_many_as_it_is_told():
    ids = [f"call-{index}-ü" for index in range(20_000)]
    chosen = [one for one in ids if gwcapture.is_sampled(one, 0.1)]
    assert chosen == [one for one in ids if gwcapture.is_sampled(one, 0.1)]
    assert 1800 < len(chosen) < 2200
    assert not any(gwcapture.is_sampled(one, 0) for one in ids)
    assert all(gwcapture.is_sampled(one, 1) for one in ids)


@pytest.mark.parametrize(
    "data",
    [
        asked("unknown"),
        asked("none"),
        asked(litellm_call_id=None),
        asked(n=2),
        asked(metadata={"headers": {"x-data-class": "restricted"}}),
        asked(metadata={"user_api_key_metadata": {"data_class": "restricted"}}),
        asked(litellm_metadata={"tags": ["restricted"]}),
        {},
    ],
)
def test_keeps_nothing_of_what_did_not_opt_in_or_is_restricted(data, kept):
    response = answered()
    assert whole(data, response) is response
    pieces = [piece("a"), piece(finish_reason="stop")]
    assert stream(data, pieces) == pieces
    assert kept == []


def test_keeps_the_question_and_the_answer_and_nothing_of_who_asked(kept):
    content = [{"type": "text", "text": "?"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}]
    data = asked(
        messages=[{"role": "user", "content": content}],
        user="somebody",
        api_key="sk",
        metadata={"user_api_key_alias": "web", "headers": {"x-forwarded-for": "203.0.113.7"}},
    )
    whole(data, answered())
    [(task, record)] = kept
    assert task == "chat"
    assert set(record) == {"id", "time", "target", "messages", "answer", "finish_reason"}
    assert record["messages"][0]["content"] == content
    assert record["answer"] == {"role": "assistant", "content": "Groß 🙂"}
    assert record["target"] == "chat-on-qwen"


def test_puts_a_stream_together_calls_of_tools_included(kept):
    def call(index, name, arguments):
        return Part(index=index, id="1", function=Part(name=name, arguments=arguments))

    pieces = [
        piece("Gr"),
        piece("oß"),
        piece(tool_calls=[call(0, "f", '{"a"')]),
        piece(tool_calls=[call(0, None, ":1}")]),
    ]
    stream(asked(), [*pieces, piece(finish_reason="tool_calls")])
    message = kept[0][1]["answer"]
    assert message["content"] == "Groß"
    assert message["tool_calls"][0]["function"] == {"name": "f", "arguments": '{"a":1}'}


def test_keeps_no_answer_that_broke_off_or_is_too_large(kept):
    stream(asked(), [piece("half")])
    whole(asked(), answered("x" * (gwcapture.MOST_RECORD_BYTES + 1)))
    whole(asked(messages=[{"role": "user", "content": "x" * gwcapture.MOST_RECORD_BYTES}]), answered())
    assert kept == []


@pytest.mark.parametrize(
    "response", [None, Part(), Part(choices=[]), Part(choices=[None]), answered(finish_reason=None)]
)
def test_never_harms_an_answer(response, kept):
    assert whole(asked(), response) is response
    assert kept == []
