"""API keys without a database.

Keys live in a mounted JSON file that holds only their SHA-256:
{"<hex>": {"alias": "team-a", "models": ["chat"], "metadata": {"data_class": "restricted"}}}
Optional per key: "rpm", "tpm", "parallel" (limits of each gateway process).
"""

import hashlib
import hmac
import json
import os

from litellm._logging import verbose_proxy_logger as log
from litellm.proxy._types import LitellmUserRoles, ProxyException, UserAPIKeyAuth

# One of keys made with the stack, and where there are any one of keys brought from a store of secrets.
PATHS = [os.environ.get("GATEWAY_KEYS_FILE", "/etc/gateway/keys/keys.json")]
if external := os.environ.get("GATEWAY_EXTERNAL_KEYS_FILE"):
    PATHS.append(external)

_read_at: list[float] = []
_keys: dict = {}


def keys() -> dict:
    """The key files, read again when one changes: mounted secrets are updated in place. A file that is no good changes nothing."""
    global _read_at, _keys
    try:
        changed_at = [os.stat(path).st_mtime for path in PATHS]
        if changed_at != _read_at:
            read = {}
            for path in PATHS:
                with open(path, encoding="utf-8") as file:
                    read.update(json.load(file))
            _keys, _read_at = read, changed_at
    except (OSError, TypeError, ValueError) as error:
        log.error("keys cannot be read and stay as they were: %s", type(error).__name__)
    return _keys


async def user_api_key_auth(request, api_key: str) -> UserAPIKeyAuth:
    """Called by LiteLLM for every request: who this is, or 401."""
    token = (api_key or "").removeprefix("Bearer ")
    digest = hashlib.sha256(token.encode()).hexdigest()
    master = os.environ.get("LITELLM_MASTER_KEY")
    if master and hmac.compare_digest(token.encode(), master.encode()):
        return UserAPIKeyAuth(api_key=digest, token=digest, key_alias="admin", user_role=LitellmUserRoles.PROXY_ADMIN)
    # A secret that is empty in its store is nobody's key.
    key = keys().get(digest) if token else None
    # A key without models would be good for all of them.
    if not key or not key.get("models"):
        raise ProxyException(message="invalid API key", type="auth_error", param="api_key", code=401)
    return UserAPIKeyAuth(
        api_key=digest,
        token=digest,
        key_alias=key["alias"],
        user_id=key["alias"],
        user_role=LitellmUserRoles.INTERNAL_USER,
        models=key["models"],
        rpm_limit=key.get("rpm"),
        tpm_limit=key.get("tpm"),
        max_parallel_requests=key.get("parallel"),
        metadata=key.get("metadata", {}),
    )
