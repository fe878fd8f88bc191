"""The plug-ins as the gateway's pod has them: in one folder with their rules, imported by name."""

import json
import os
import pathlib
import shutil
import sys
import tempfile

PLUGINS = pathlib.Path(__file__).parents[4] / "components" / "gateway" / "plugins"
RULES = {
    "chat": {"next": "chat-ext", "check": {"hold": 20, "share": 0.25}},
    "plain": {"next": "plain-ext"},
    "alone": {},
}
CAPTURED = {
    "chat": {"task": "chat", "share": 1},
    "few": {"task": "few", "share": 0.1},
    "none": {"task": "none", "share": 0},
}

folder = pathlib.Path(tempfile.mkdtemp(prefix="breakeven-plugins-"))
for plugin in PLUGINS.glob("*.py"):
    shutil.copy(plugin, folder)
(folder / "answers.json").write_text(json.dumps(RULES))
(folder / "capture.json").write_text(json.dumps(CAPTURED))
(folder / "providers").mkdir()
sys.path.insert(0, str(folder))
os.environ.update(
    GATEWAY_MAX_BODY_MIB="1",
    GATEWAY_PROVIDER_KEYS_FOLDER=str(folder / "providers"),
    GATEWAY_KEYS_FILE=str(folder / "keys.json"),
    LITELLM_LOCAL_MODEL_COST_MAP="True",
    LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS="True",
    LITELLM_LOG="CRITICAL",
)


def pytest_unconfigure():
    shutil.rmtree(folder, ignore_errors=True)
