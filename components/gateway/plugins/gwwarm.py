"""Imports at start what LiteLLM would import with the first request and the first call to a commercial API.

Those imports take most of a second, and the first such call is the first failure of an own model: the worst moment to wait.
"""

import litellm.integrations.shadow_eval_logger  # noqa: F401
import litellm.llms.anthropic.chat.guardrail_translation.handler  # noqa: F401
import litellm.proxy._experimental.mcp_server.mcp_server_manager  # noqa: F401
import openai.resources  # noqa: F401
from litellm.integrations.custom_logger import CustomLogger

warm = CustomLogger()
