"""Keys of commercial providers out of mounted files, one per provider, read for every call: a new key needs no restart.

The configuration says `api_key: mounted/<provider>` in place of a key. Without the file a call fails, as with a bad key.
"""

import os
import pathlib
import re

from litellm.integrations.custom_logger import CustomLogger

FOLDER = pathlib.Path(os.environ["GATEWAY_PROVIDER_KEYS_FOLDER"])
MOUNTED = re.compile(r"mounted/([a-z]+)")


class ProviderKeys(CustomLogger):
    async def async_pre_call_deployment_hook(self, kwargs, call_type):
        """Called with the target that was chosen, before it is called."""
        found = MOUNTED.fullmatch(str(kwargs.get("api_key") or ""))
        return {**kwargs, "api_key": (FOLDER / found[1]).read_text().strip()} if found else None


keys = ProviderKeys()
