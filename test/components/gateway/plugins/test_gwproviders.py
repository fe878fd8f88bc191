import asyncio

import gwproviders
import pytest
from litellm.integrations.custom_logger import CustomLogger


def before_call(api_key):
    kwargs = {"model": "openai/gpt", "api_key": api_key}
    return asyncio.run(gwproviders.keys.async_pre_call_deployment_hook(kwargs, "acompletion"))


def test_reads_the_key_of_a_provider_for_every_call():
    file = gwproviders.FOLDER / "openai"
    file.write_text("sk-first\n")
    assert before_call("mounted/openai") == {"model": "openai/gpt", "api_key": "sk-first"}
    file.write_text("  sk-zweiter-schlüssel ")
    assert before_call("mounted/openai")["api_key"] == "sk-zweiter-schlüssel"


@pytest.mark.parametrize(
    "api_key",
    [None, "", "sk-plain", "mounted/", "mounted/OpenAI", "mounted/../keys", "xmounted/openai", "mounted/openai\n"],
)
def test_leaves_other_keys_alone_and_reads_no_other_file(api_key):
    assert before_call(api_key) is None


def test_fails_the_call_where_there_is_no_key():
    with pytest.raises(FileNotFoundError):
        before_call("mounted/mistral")


def test_is_called_by_a_hook_litellm_has():
    assert hasattr(CustomLogger, "async_pre_call_deployment_hook")
