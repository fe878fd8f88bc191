import asyncio

import gwpolicy
import pytest
from fastapi import HTTPException
from litellm.proxy._types import LitellmUserRoles, UserAPIKeyAuth

OWN = {"model_info": {"id": "chat-on-qwen", "external": False}}
API = {"model_info": {"id": "chat-ext", "external": True}}
BARE = {"litellm_params": {}}


def before_call(body, role=LitellmUserRoles.INTERNAL_USER, **data):
    user = UserAPIKeyAuth(api_key="hash", user_role=role)
    data = {**body, "proxy_server_request": {"body": body}, **data}
    return asyncio.run(gwpolicy.policy.async_pre_call_hook(user, None, data, "completion"))


def targets(request, found=(OWN, API, BARE)):
    return asyncio.run(gwpolicy.policy.async_filter_deployments("chat", list(found), None, request))


RESTRICTED = [
    {"user_api_key_metadata": {"data_class": "restricted"}},
    {"headers": {"x-data-class": "restricted"}},
    {"headers": {"x-data-class": "Restricted"}},
    {"tags": ["eu", "restricted"]},
    {"user_api_key_metadata": {"data_class": "restricted"}, "headers": {"x-data-class": "public"}, "tags": ["public"]},
]
OPEN = [
    {},
    {"user_api_key_metadata": None, "headers": None, "tags": None},
    {"user_api_key_metadata": {"data_class": "public"}},
    {"headers": {"x-data-class": ""}},
    {"headers": {"x-data-class": None}},
    {"headers": {"x-data-class": "rеstricted"}},
    {"tags": ["unrestricted"]},
]


@pytest.mark.parametrize("field", ["metadata", "litellm_metadata"])
@pytest.mark.parametrize("metadata", RESTRICTED)
def test_keeps_restricted_requests_from_external_targets(field, metadata):
    assert targets({field: metadata}) == [OWN, BARE]


@pytest.mark.parametrize("metadata", RESTRICTED)
def test_looks_at_both_kinds_of_metadata(metadata):
    assert gwpolicy.is_restricted({"metadata": {"tags": ["public"]}, "litellm_metadata": metadata})


@pytest.mark.parametrize("metadata", OPEN)
def test_lets_other_requests_go_anywhere(metadata):
    assert targets({"metadata": metadata}) == [OWN, API, BARE]


@pytest.mark.parametrize("request_kwargs", [None, {}, {"metadata": None}, {"metadata": "restricted"}, {"metadata": []}])
def test_knows_nothing_of_requests_that_say_nothing(request_kwargs):
    assert targets(request_kwargs) == [OWN, API, BARE]


def test_leaves_nobody_rather_than_somebody_external():
    assert targets({"metadata": RESTRICTED[0]}, [API]) == []
    assert targets({"metadata": RESTRICTED[0]}, []) == []


@pytest.mark.parametrize("field", sorted(gwpolicy.FORBIDDEN) + ["_retry_skipped_deployment_ids", "_x"])
@pytest.mark.parametrize("value", [None, [], "x"])
def test_refuses_every_field_that_steers(field, value):
    with pytest.raises(HTTPException) as caught:
        before_call({"model": "chat", "messages": [], field: value})
    assert caught.value.status_code == 400
    assert field in caught.value.detail["error"]


def test_names_all_that_is_refused_in_one_answer():
    with pytest.raises(HTTPException) as caught:
        before_call({"model": "chat", "timeout": 1, "fallbacks": [], "api_key": "sk"})
    assert caught.value.detail == {"error": "not allowed in the request body: api_key, fallbacks, timeout"}


def test_refuses_a_key_that_is_not_in_the_body_but_was_taken_from_it():
    with pytest.raises(HTTPException):
        before_call({"model": "chat"}, api_key="sk-evil")


@pytest.mark.parametrize("model", ["chat,openai/gpt", "chat,", ["chat", "openai/gpt"]])
def test_refuses_lists_of_models(model):
    with pytest.raises(HTTPException) as caught:
        before_call({"model": model})
    assert "a list of models" in caught.value.detail["error"]


@pytest.mark.parametrize(
    "body",
    [
        {"model": "chat", "messages": [{"role": "user", "content": "hi"}], "temperature": 0, "stream": True},
        {"model": "chat", "messages": [], "tools": [{"type": "function", "function": {"name": "fallbacks"}}]},
        {"model": "chat", "messages": [{"role": "user", "content": "fallbacks, api_key ⟨🔑⟩ Größe"}]},
        {
            "model": "chat",
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "what is this"},
                        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
                    ],
                }
            ],
        },
        {"model": "chat", "messages": [{"role": "user", "content": "x" * 5_000_000}]},
        {"model": None},
        {},
    ],
)
def test_lets_plain_requests_pass_unchanged(body):
    data = before_call(body)
    assert {key: data[key] for key in body} == body


def test_bears_a_request_without_a_body_and_one_with_a_hundred_thousand_fields():
    user = UserAPIKeyAuth(api_key="hash", user_role=LitellmUserRoles.INTERNAL_USER)
    assert asyncio.run(gwpolicy.policy.async_pre_call_hook(user, None, {}, "completion")) == {}
    with pytest.raises(HTTPException):
        before_call({f"field-{index}": 1 for index in range(100_000)} | {"cache": 1})


def test_lets_the_administrator_steer():
    assert before_call({"model": "chat", "fallbacks": ["x"]}, LitellmUserRoles.PROXY_ADMIN)["fallbacks"] == ["x"]
