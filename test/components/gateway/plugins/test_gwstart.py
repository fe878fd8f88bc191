"""What the plug-ins lean on in LiteLLM: a release that renames it would turn them off without a word."""

import inspect

import gwanswers
import gwpolicy
import gwstart
import httpx
import litellm
import pytest
import redis
from litellm import router
from litellm._redis import get_redis_client
from litellm.integrations.custom_logger import CustomLogger
from litellm.router_strategy import budget_limiter
from litellm.router_strategy.budget_limiter import RouterBudgetLimiting


def test_budgets_are_told_ten_times_a_second():
    assert "DEFAULT_REDIS_SYNC_INTERVAL" in inspect.getsource(RouterBudgetLimiting)
    assert budget_limiter.DEFAULT_REDIS_SYNC_INTERVAL == 0.1


def test_pauses_between_tries_are_short_whatever_an_api_asks_for():
    assert "litellm.calculate_retry_after(" in inspect.getsource(router.Router._time_to_sleep_before_retry)
    assert litellm.calculate_retry_after is gwstart.pause
    headers = httpx.Headers({"retry-after": "60"})
    pauses = [
        gwstart.pause(remaining_retries=left, max_retries=2, response_headers=headers, min_timeout=0)
        for left in (2, 1, 0)
    ]
    assert pauses == [0.1, 0.2, 0.4]


def test_a_redis_that_hangs_is_tried_once():
    client = get_redis_client(host="127.0.0.1", port=1, socket_timeout=0.25)
    assert client.connection_pool.connection_kwargs["retry"].get_retries() == 0
    told = redis.Redis(retry=redis.retry.Retry(redis.backoff.NoBackoff(), 3))
    assert told.connection_pool.connection_kwargs["retry"].get_retries() == 3


def test_nobody_is_asked_for_lists_of_models():
    assert "MODEL_INFO_DISCOVERY_PROVIDERS" in inspect.getsource(router)
    assert router.MODEL_INFO_DISCOVERY_PROVIDERS == frozenset()
    assert isinstance(gwstart.start, CustomLogger)


@pytest.mark.parametrize(
    ("plugin", "hook"),
    [
        (gwpolicy.policy, "async_pre_call_hook"),
        (gwpolicy.policy, "async_filter_deployments"),
        (gwanswers.answers, "async_post_call_success_hook"),
        (gwanswers.answers, "async_post_call_streaming_iterator_hook"),
        (gwanswers.answers, "async_post_call_response_headers_hook"),
    ],
)
def test_hooks_are_those_that_are_called(plugin, hook):
    theirs = inspect.signature(getattr(CustomLogger, hook)).parameters
    ours = inspect.signature(getattr(type(plugin), hook)).parameters
    assert set(ours) <= set(theirs)
    required = {name for name, parameter in theirs.items() if parameter.default is inspect.Parameter.empty}
    assert required <= set(ours)
