import asyncio
import hashlib
import json
import os

import gwauth
import pytest
from litellm.proxy._types import LitellmUserRoles, ProxyException

ENTRY = {"alias": "web", "models": ["chat", "chat-ext"], "metadata": {}}


def digest(key):
    return hashlib.sha256(key.encode()).hexdigest()


@pytest.fixture(autouse=True)
def fresh(monkeypatch, tmp_path):
    """No key has been read, and nobody is master."""
    monkeypatch.setattr(gwauth, "PATHS", [str(tmp_path / "keys.json")])
    monkeypatch.setattr(gwauth, "_read_at", [])
    monkeypatch.setattr(gwauth, "_keys", {})
    monkeypatch.delenv("LITELLM_MASTER_KEY", raising=False)


def write(text, at, index=0):
    """A key file as it is from `at` on, seconds since 1970."""
    path = gwauth.PATHS[index]
    with open(path, "w", encoding="utf-8") as file:
        file.write(text if isinstance(text, str) else json.dumps(text))
    os.utime(path, (at, at))


def who(key):
    return asyncio.run(gwauth.user_api_key_auth(None, key))


def refused(key):
    with pytest.raises(ProxyException) as caught:
        who(key)
    return str(caught.value.code) == "401"


def test_knows_a_key_by_its_hash_with_its_tasks_and_limits():
    entry = {**ENTRY, "rpm": 60, "tpm": 9000, "parallel": 4, "metadata": {"data_class": "restricted"}}
    write({digest("sk-web"): entry}, 1)
    user = who("Bearer sk-web")
    assert (user.key_alias, user.user_id, user.models) == ("web", "web", ["chat", "chat-ext"])
    assert (user.rpm_limit, user.tpm_limit, user.max_parallel_requests) == (60, 9000, 4)
    assert user.metadata == {"data_class": "restricted"}
    assert user.user_role == LitellmUserRoles.INTERNAL_USER
    assert user.token == digest("sk-web") and "sk-web" not in user.model_dump_json()


def test_takes_a_key_without_the_word_bearer_and_no_limits_where_none_are():
    write({digest("sk-web"): ENTRY}, 1)
    user = who("sk-web")
    assert (user.rpm_limit, user.tpm_limit, user.max_parallel_requests) == (None, None, None)


@pytest.mark.parametrize(
    "key",
    [None, "", "Bearer ", "Bearer", "sk-we", "sk-web ", " sk-web", "SK-WEB", "sk-wéb", "ключ", "\x00", "bearer sk-web"],
)
def test_refuses_what_is_no_key(key):
    write({digest("sk-web"): ENTRY}, 1)
    assert refused(key)


def test_refuses_the_hash_itself_and_a_huge_key():
    write({digest("sk-web"): ENTRY}, 1)
    assert refused(digest("sk-web"))
    assert refused("Bearer " + "x" * 10_000_000)


def test_takes_keys_and_names_beyond_ascii():
    write({digest("schlüssel-ключ-🔑"): {**ENTRY, "alias": "büro"}}, 1)
    assert who("Bearer schlüssel-ключ-🔑").key_alias == "büro"


@pytest.mark.parametrize("models", [[], None])
def test_refuses_a_key_for_no_task_which_would_be_good_for_all(models):
    write({digest("sk-web"): {**ENTRY, "models": models}}, 1)
    assert refused("sk-web")


def test_takes_a_new_key_and_drops_an_old_one_when_the_file_changes():
    write({digest("sk-old"): ENTRY, digest("sk-kept"): ENTRY}, 1)
    assert who("sk-old") and who("sk-kept")
    write({digest("sk-new"): ENTRY, digest("sk-kept"): ENTRY}, 2)
    assert who("sk-new") and who("sk-kept")
    assert refused("sk-old")


def test_sees_a_file_that_is_put_back_although_it_is_older():
    write({digest("sk-new"): ENTRY}, 2)
    assert who("sk-new")
    write({digest("sk-old"): ENTRY}, 1)
    assert who("sk-old") and refused("sk-new")


@pytest.mark.parametrize("text", ["", "{", '{"a": ', "null", "7", '"text"', "[1]", "\ufeff{}"])
def test_keeps_its_keys_when_a_new_file_is_no_good(text):
    write({digest("sk-web"): ENTRY}, 1)
    assert who("sk-web")
    write(text, 2)
    assert who("sk-web")
    write({digest("sk-new"): ENTRY}, 3)
    assert who("sk-new") and refused("sk-web")


def test_keeps_its_keys_while_the_file_is_gone_and_knows_nobody_before_there_is_one():
    assert refused("sk-web")
    write({digest("sk-web"): ENTRY}, 1)
    assert who("sk-web")
    os.remove(gwauth.PATHS[0])
    assert who("sk-web")


def test_knows_the_master_key_and_no_empty_one(monkeypatch):
    write({}, 1)
    assert refused("sk-master")
    monkeypatch.setenv("LITELLM_MASTER_KEY", "sk-master")
    assert who("Bearer sk-master").user_role == LitellmUserRoles.PROXY_ADMIN
    assert refused("sk-maste")
    monkeypatch.setenv("LITELLM_MASTER_KEY", "")
    assert refused("")


def test_knows_the_keys_of_both_files_and_keeps_all_of_them_when_one_is_no_good(tmp_path):
    gwauth.PATHS.append(str(tmp_path / "brought.json"))
    write({digest("sk-made"): ENTRY}, 1)
    write({digest("sk-brought"): ENTRY}, 1, 1)
    assert who("sk-made") and who("sk-brought")
    write("{", 2, 1)
    write({digest("sk-new"): ENTRY}, 2)
    assert who("sk-made") and who("sk-brought") and refused("sk-new")
    write({digest("sk-other"): ENTRY}, 3, 1)
    assert who("sk-new") and who("sk-other") and refused("sk-made") and refused("sk-brought")


def test_refuses_an_empty_key_although_an_empty_secret_was_brought():
    write({digest(""): ENTRY}, 1)
    assert refused("") and refused("Bearer ") and refused(None)
