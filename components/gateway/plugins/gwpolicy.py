"""Data-class guard: one place that every hop of a request passes (first try, retry, next level, fallback).

A request is restricted if its key says so, or if it asks for it by header (x-data-class: restricted) or tag. It then
reaches only targets whose model_info.external is not true. Callers may not steer the router from the request body.
"""

from fastapi import HTTPException
from litellm.integrations.custom_logger import CustomLogger
from litellm.proxy._types import LitellmUserRoles

# Fields of the request body that choose targets, keys, retries or answers. Plain callers never need them.
FORBIDDEN = frozenset(
    [
        "api_key",
        "api_version",
        "cache",
        "caching",
        "content_policy_fallbacks",
        "context_window_fallbacks",
        "custom_llm_provider",
        "default_fallbacks",
        "disable_fallbacks",
        "extra_body",
        "extra_headers",
        "fallbacks",
        "guardrails",
        "litellm_params",
        "max_retries",
        "mock_response",
        "mock_tool_calls",
        "model_group_retry_policy",
        "model_info",
        "num_retries",
        "organization",
        "router_settings_override",
        "rust",
        "specific_deployment",
        "stream_timeout",
        "timeout",
    ]
)


def is_restricted(request: dict | None) -> bool:
    for field in ("metadata", "litellm_metadata"):
        metadata = (request or {}).get(field)
        if not isinstance(metadata, dict):
            continue
        if (metadata.get("user_api_key_metadata") or {}).get("data_class") == "restricted":
            return True
        if str((metadata.get("headers") or {}).get("x-data-class", "")).lower() == "restricted":
            return True
        if "restricted" in (metadata.get("tags") or []):
            return True
    return False


class Policy(CustomLogger):
    async def async_pre_call_hook(self, user_api_key_dict, cache, data, call_type):
        """Refuses steering fields and lists of models."""
        if user_api_key_dict.user_role == LitellmUserRoles.PROXY_ADMIN:
            return data
        body = (data.get("proxy_server_request") or {}).get("body") or {}
        sent = set(body) | ({"api_key"} & set(data))
        refused = sorted(field for field in sent if field in FORBIDDEN or field.startswith("_"))
        if refused or "," in str(body.get("model", "")):
            raise HTTPException(
                400, {"error": f"not allowed in the request body: {', '.join(refused) or 'a list of models'}"}
            )
        return data

    async def async_filter_deployments(
        self, model, healthy_deployments, messages, request_kwargs=None, parent_otel_span=None
    ):
        """Called for every choice of a target."""
        if not is_restricted(request_kwargs):
            return healthy_deployments
        return [target for target in healthy_deployments if not (target.get("model_info") or {}).get("external")]


policy = Policy()
