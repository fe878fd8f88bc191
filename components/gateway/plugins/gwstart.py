"""What is done before the first request.

Imports that LiteLLM puts off until the first request and the first call to a commercial API: they take most of a second,
and the first such call is the first failure of an own model, the worst moment to wait. And budgets of providers: each
process learns of the others' spend once a second, which no setting changes; ten times a second bounds what is spent
beyond a budget meanwhile. And short pauses: where an API is all there is LiteLLM waits between tries, for as long as the API
says up to a minute, while somebody waits for the answer. And no calls of the gateway's own: LiteLLM would ask every target, commercial APIs as well, for
its list of models every five minutes.
"""

import litellm
import litellm.integrations.shadow_eval_logger
import litellm.llms.anthropic.chat.guardrail_translation.handler
import litellm.proxy._experimental.mcp_server.mcp_server_manager
import openai.resources  # noqa: F401
from litellm import router
from litellm.integrations.custom_logger import CustomLogger
from litellm.router_strategy import budget_limiter

budget_limiter.DEFAULT_REDIS_SYNC_INTERVAL = 0.1
router.MODEL_INFO_DISCOVERY_PROVIDERS = frozenset()

FIRST_PAUSE_SECONDS = 0.1


def pause(remaining_retries, max_retries, **_) -> float:
    """Seconds before the next try."""
    return FIRST_PAUSE_SECONDS * 2 ** (max_retries - remaining_retries)


litellm.calculate_retry_after = pause

start = CustomLogger()
