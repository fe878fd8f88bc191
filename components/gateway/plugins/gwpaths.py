"""Path guard: the proxy serves far more than a model API (pages, management, metrics) on its one port.

Only the paths below answer; everything else is 404 before any other code sees it. A body above the limit is 413: it is
counted as it arrives, whatever its length is said to be. Request headers that steer LiteLLM (timeouts, retries,
other keys) are dropped, and response headers that name upstream addresses and spend. Metrics have a port of their own.
Wraps the ASGI application when LiteLLM loads this module as a callback.
"""

import json
import os

from litellm.integrations.custom_logger import CustomLogger
from litellm.proxy.proxy_server import app
from prometheus_client import Counter

ALLOWED = frozenset(
    [
        "/v1/chat/completions",
        "/v1/completions",
        "/v1/embeddings",
        "/v1/models",
        "/health/liveliness",
        "/health/readiness",
    ]
)
MAX_BODY_MIB = int(os.environ["GATEWAY_MAX_BODY_MIB"])
MAX_BODY_BYTES = MAX_BODY_MIB * 2**20
STEERING_PREFIX = b"x-litellm-"
DROPPED_PREFIXES = (STEERING_PREFIX, b"llm_provider-")
# A tag may say that the request is restricted.
KEPT_REQUEST_HEADERS = frozenset({b"x-litellm-tags"})
# What a core is busy with, while it is: the autoscaler asks for it.
STREAMED_EVENTS = Counter("gateway_streamed_events", "Events of streams sent to clients")
KEPT_HEADERS = frozenset({b"x-litellm-call-id", b"x-litellm-model-id", b"x-litellm-attempted-fallbacks"})


class PathGuard:
    def __init__(self, inner):
        self.inner = inner

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            return await self.inner(scope, receive, send)
        if scope["type"] != "http" or scope["path"] not in ALLOWED:
            return await refuse(scope, send, 404, "not found")
        if stated_length(scope) > MAX_BODY_BYTES:
            return await refuse_body(scope, send)
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            if len(body) > MAX_BODY_BYTES:
                return await refuse_body(scope, send)
            more = message.get("more_body", False)
        waiting = [{"type": "http.request", "body": bytes(body), "more_body": False}]

        async def receive_whole():
            return waiting.pop() if waiting else await receive()

        is_stream = False

        async def send_filtered(message):
            nonlocal is_stream
            if message["type"] == "http.response.start":
                is_stream = is_event_stream(message)
                headers = [
                    (name, value)
                    for name, value in message.get("headers", [])
                    if not name.lower().startswith(DROPPED_PREFIXES) or name.lower() in KEPT_HEADERS
                ]
                message = {**message, "headers": headers}
            elif is_stream and message.get("body"):
                STREAMED_EVENTS.inc()
            await send(message)

        return await self.inner(without_steering(scope), receive_whole, send_filtered)


def without_steering(scope):
    headers = [
        (name, value)
        for name, value in scope["headers"]
        if not name.startswith(STEERING_PREFIX) or name in KEPT_REQUEST_HEADERS
    ]
    return {**scope, "headers": headers}


def is_event_stream(message) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/event-stream")
        for name, value in message.get("headers", [])
    )


def stated_length(scope) -> int:
    """Content-Length in bytes, which the server has checked to be a number; 0 where there is none."""
    return max((int(value) for name, value in scope["headers"] if name == b"content-length"), default=0)


async def refuse_body(scope, send):
    await refuse(scope, send, 413, f"the request is larger than {MAX_BODY_MIB} MiB")


async def refuse(scope, send, status, message):
    if scope["type"] == "websocket":
        return await send({"type": "websocket.close", "code": 1008})
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    body = {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": str(status)}}
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


# LiteLLM reads its configuration while the application starts, too late for add_middleware; a check of the configuration
# reads it without an application that starts.
if app.middleware_stack is None:
    app.add_middleware(PathGuard)
elif not isinstance(app.middleware_stack, PathGuard):
    app.middleware_stack = PathGuard(app.middleware_stack)

guard = CustomLogger()
