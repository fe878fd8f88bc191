"""Path guard: the proxy serves far more than a model API (pages, management, metrics) on its one port.

Only the paths below answer; everything else is 404 before any other code sees it. Response headers that name upstream
addresses and spend are dropped. Metrics have a port of their own. Wraps the ASGI application when LiteLLM loads this module as a callback.
"""

from litellm.integrations.custom_logger import CustomLogger
from litellm.proxy.proxy_server import app

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
DROPPED_PREFIXES = (b"x-litellm-", b"llm_provider-")
KEPT_HEADERS = frozenset({b"x-litellm-call-id", b"x-litellm-model-id", b"x-litellm-attempted-fallbacks"})


class PathGuard:
    def __init__(self, inner):
        self.inner = inner

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            return await self.inner(scope, receive, send)
        if scope["type"] != "http" or scope["path"] not in ALLOWED:
            return await refuse(scope, send)

        async def send_filtered(message):
            if message["type"] == "http.response.start":
                headers = [
                    (name, value)
                    for name, value in message.get("headers", [])
                    if not name.lower().startswith(DROPPED_PREFIXES) or name.lower() in KEPT_HEADERS
                ]
                message = {**message, "headers": headers}
            await send(message)

        return await self.inner(scope, receive, send_filtered)


async def refuse(scope, send):
    if scope["type"] == "websocket":
        return await send({"type": "websocket.close", "code": 1008})
    await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": b'{"error":{"message":"not found"}}'})


# LiteLLM reads its configuration while the application starts, too late for add_middleware; a check of the configuration
# reads it without an application that starts.
if app.middleware_stack is None:
    app.add_middleware(PathGuard)
elif not isinstance(app.middleware_stack, PathGuard):
    app.middleware_stack = PathGuard(app.middleware_stack)

guard = CustomLogger()
