"""What is done before the first request.

Imports that LiteLLM puts off until the first request and the first call to a commercial API: they take most of a second,
and the first such call is the first failure of an own model, the worst moment to wait. And budgets of providers: each
process learns of the others' spend once a second, which no setting changes; ten times a second bounds what is spent
beyond a budget meanwhile. And short pauses: where an API is all there is LiteLLM waits between tries, for as long as the API
says up to a minute, while somebody waits for the answer. And no second tries of a Redis that hangs: some of LiteLLM's calls to it stop the whole
process, and the client's ten tries made that half a minute. And no calls of the gateway's own: LiteLLM would ask every target, commercial APIs as well, for
its list of models every five minutes.
"""

import inspect

import litellm
import litellm.integrations.shadow_eval_logger
import litellm.llms.anthropic.chat.guardrail_translation.handler
import litellm.proxy._experimental.mcp_server.mcp_server_manager
import openai.resources  # noqa: F401
import redis
from litellm import router
from litellm.integrations.custom_logger import CustomLogger
from litellm.router_strategy import budget_limiter
from redis.backoff import NoBackoff
from redis.retry import Retry

budget_limiter.DEFAULT_REDIS_SYNC_INTERVAL = 0.1
router.MODEL_INFO_DISCOVERY_PROVIDERS = frozenset()

FIRST_PAUSE_SECONDS = 0.1


def pause(remaining_retries, max_retries, **_) -> float:
    """Seconds before the next try."""
    return FIRST_PAUSE_SECONDS * 2 ** (max_retries - remaining_retries)


litellm.calculate_retry_after = pause


def try_once(client) -> None:
    """Makes clients of Redis try once, unless they are told otherwise."""
    init = inspect.unwrap(client.__init__)
    init.__defaults__ = tuple(
        Retry(NoBackoff(), 0) if isinstance(value, Retry) else value for value in init.__defaults__
    )


try_once(redis.Redis)

start = CustomLogger()
