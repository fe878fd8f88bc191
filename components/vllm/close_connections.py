"""Every answer closes its connection, so that the next request may go to another replica.

A Service chooses a replica per connection. Clients keep connections for as long as they are busy, so without this a new
replica would see no request of a busy gateway. Opening one inside the cluster takes well under a millisecond.
"""


class CloseConnections:
    """ASGI middleware; `vllm serve --middleware=close_connections.CloseConnections`."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def send_and_close(message):
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), (b"connection", b"close")]}
            await send(message)

        await self.app(scope, receive, send_and_close if scope["type"] == "http" else send)
