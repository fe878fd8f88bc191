"""Captured answers: prompts and answers of tasks that opted in go to object storage, to train a model on.

capture.json, next to this file, says for which model groups, and which share of their answers:
{"chat": {"task": "chat", "share": 0.05}, "chat-ext": {"task": "chat", "share": 0.05}}
Kept is what the client got: whole answers, streamed or not, after every fallback. Not kept: who asked (keys, teams, users,
addresses, headers), reasoning, answers that broke off, and whatever is said to be restricted. The id of a request
decides whether it is kept, so anybody who has it can tell. All this is best effort: it waits in bounded memory and never
delays or fails an answer. Pods add objects <prefix>/<task>/<day>/<pod>-<time>-<number>.jsonl.gz, one record per line.
"""

import asyncio
import functools
import gzip
import hashlib
import json
import os
import pathlib
import socket
import sys
import threading
import time

import boto3
from botocore.config import Config
from litellm._logging import verbose_proxy_logger as log
from litellm.integrations.custom_logger import CustomLogger
from litellm.proxy import proxy_server
from prometheus_client import Counter

FOLDER = pathlib.Path(__file__).parent
# LiteLLM loads plug-ins by path, so they do not find each other.
sys.path.append(str(FOLDER))
from gwpolicy import is_restricted

RULES: dict[str, dict] = json.loads((FOLDER / "capture.json").read_text())
CAPTURED = Counter("gateway_captured_answers", "Answers sampled for training", ["requested_model", "outcome"])

FLUSH_SECONDS = float(os.environ.get("CAPTURE_FLUSH_SECONDS", "60"))
FLUSH_BYTES = 4 * 2**20
# With the store down, answers wait up to here; later ones are dropped and counted.
MOST_BYTES = 32 * 2**20
MOST_RECORD_BYTES = 2**20
# What makes a prompt what it is, beside the messages.
KEPT_FIELDS = ("messages", "prompt", "tools", "tool_choice", "response_format")


def is_sampled(call_id, share) -> bool:
    """The same for every process that sees the id."""
    return int.from_bytes(hashlib.sha256(call_id.encode()).digest()[:8], "big") < share * 2**64


def rule_of(data) -> dict | None:
    """Rule of the task that is asked, where this request is to be kept."""
    rule = RULES.get(data.get("model")) or RULES.get((data.get("metadata") or {}).get("model_group"))
    call_id = data.get("litellm_call_id")
    # Several choices at once are no example of anything.
    if rule is None or not call_id or data.get("n") not in (None, 1) or is_restricted(data):
        return None
    return rule if is_sampled(call_id, rule["share"]) else None


def harmless(method):
    """An answer is worth more than its copy: whatever goes wrong with it ends the copy alone."""

    @functools.wraps(method)
    def guarded(self, *args):
        try:
            method(self, *args)
        except Exception as error:  # noqa: BLE001
            self.rule = None
            log.error("an answer was not captured: %s", type(error).__name__)

    return guarded


class Copy:
    """The copy of one answer as it comes together. Without a rule there is none."""

    def __init__(self, data):
        self.data = data
        self.rule = None
        self.text: list[str] = []
        self.characters = 0
        self.calls: dict[int, dict] = {}
        self.finish_reason = None
        self.target = None
        self.begin()

    @harmless
    def begin(self) -> None:
        self.rule = rule_of(self.data)

    @harmless
    def add(self, piece, field) -> None:
        """Takes a chunk of a stream, whose `delta` says something, or a whole response with its `message`."""
        self.target = (getattr(piece, "_hidden_params", None) or {}).get("model_id") or self.target
        for choice in (getattr(piece, "choices", None) or [])[:1]:
            said = getattr(choice, field, None)
            self.finish_reason = getattr(choice, "finish_reason", None) or self.finish_reason
            self.add_text(getattr(choice, "text", None) or getattr(said, "content", None) or "")
            for position, call in enumerate(getattr(said, "tool_calls", None) or []):
                self.add_call(position, call)
        if self.characters > MOST_RECORD_BYTES:
            CAPTURED.labels(self.rule["task"], "too_large").inc()
            self.rule = None

    def add_text(self, text) -> None:
        self.text.append(text)
        self.characters += len(text)

    def add_call(self, position, call) -> None:
        index = getattr(call, "index", None)
        index = position if index is None else index
        known = self.calls.setdefault(index, {"id": call.id, "name": "", "arguments": ""})
        known["name"] += call.function.name or ""
        known["arguments"] += call.function.arguments or ""
        self.characters += len(call.function.arguments or "")

    @harmless
    def end(self) -> None:
        """Hands the copy over, if the answer came to a proper end."""
        if self.rule is None or not self.finish_reason:
            return
        task, line = self.rule["task"], self.record()
        if len(line) > MOST_RECORD_BYTES:
            CAPTURED.labels(task, "too_large").inc()
        else:
            store.add(task, line)

    def record(self) -> bytes:
        line = {
            "id": self.data["litellm_call_id"],
            "time": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()),
            "target": self.target,
            **{field: self.data[field] for field in KEPT_FIELDS if self.data.get(field) is not None},
            "answer": self.message(),
            "finish_reason": self.finish_reason,
        }
        return json.dumps(line, ensure_ascii=False).encode() + b"\n"

    def message(self) -> dict:
        message = {"role": "assistant", "content": "".join(self.text)}
        calls = [
            {"id": call["id"], "type": "function", "function": {key: call[key] for key in ("name", "arguments")}}
            for _, call in sorted(self.calls.items())
        ]
        return {**message, "tool_calls": calls} if calls else message


class Store:
    """Records that wait for the next object. One thread sends them; nobody waits for it."""

    def __init__(self):
        self.lines: dict[str, list[bytes]] = {}
        self.bytes = 0
        self.lock = threading.Lock()
        self.sending = threading.Lock()
        self.wake = threading.Event()
        self.client = None
        self.objects = 0
        threading.Thread(target=self.run, name="capture", daemon=True).start()

    def add(self, task, line) -> None:
        with self.lock:
            is_full = self.bytes + len(line) > MOST_BYTES
            if not is_full:
                self.lines.setdefault(task, []).append(line)
                self.bytes += len(line)
        if is_full:
            CAPTURED.labels(task, "dropped").inc()
        elif self.bytes >= FLUSH_BYTES:
            self.wake.set()

    def run(self) -> None:
        while True:
            self.wake.wait(FLUSH_SECONDS)
            self.wake.clear()
            if not self.flush():
                # What woke the thread is still there: the store gets the pause, too.
                time.sleep(min(FLUSH_SECONDS, 5))

    def flush(self) -> bool:
        """Sends what waits, a task at a time; false where the store does not take it, which keeps it waiting."""
        with self.sending:
            for task in list(self.lines):
                with self.lock:
                    lines = self.lines.pop(task, [])
                try:
                    self.put(task, b"".join(lines))
                except Exception as error:  # noqa: BLE001 - of whatever kind, the next flush tries again
                    log.error("captured answers wait, the store takes none: %s", type(error).__name__)
                    with self.lock:
                        self.lines[task] = lines + self.lines.get(task, [])
                    return False
                with self.lock:
                    self.bytes -= sum(len(line) for line in lines)
                CAPTURED.labels(task, "stored").inc(len(lines))
            return True

    def put(self, task, body) -> None:
        if self.client is None:
            self.client = s3_client()
        self.objects += 1
        day, second = time.strftime("%Y-%m-%d %H%M%S", time.gmtime()).split()
        name = f"{socket.gethostname()}-{second}-{os.getpid()}-{self.objects}.jsonl.gz"
        self.client.put_object(
            Bucket=os.environ["CAPTURE_BUCKET"],
            Key=f"{os.environ['CAPTURE_PREFIX']}/{task}/{day}/{name}",
            Body=gzip.compress(body),
            ContentType="application/gzip",
        )

    def drain(self) -> None:
        """The last flush of a process that stops; what the store does not take now is lost."""
        if not self.flush():
            for task, lines in self.lines.items():
                CAPTURED.labels(task, "lost").inc(len(lines))
            log.error("captured answers are lost: the store takes none and the process stops")


def s3_client():
    """A client with the store's own key, or with the role of the pod."""
    key = os.environ.get("CAPTURE_ACCESS_KEY_ID")
    return boto3.client(
        "s3",
        region_name=os.environ["CAPTURE_REGION"],
        endpoint_url=os.environ.get("CAPTURE_ENDPOINT"),
        aws_access_key_id=key,
        aws_secret_access_key=os.environ["CAPTURE_SECRET_ACCESS_KEY"] if key else None,
        config=Config(
            connect_timeout=2,
            read_timeout=5,
            # The next flush is the second attempt.
            retries={"total_max_attempts": 1},
            # Names in the path: a store that is not AWS's has no wildcard certificate.
            s3={"addressing_style": "path"} if os.environ.get("CAPTURE_ENDPOINT") else {},
            request_checksum_calculation="when_required",
        ),
    )


store = Store()


class Capture(CustomLogger):
    async def async_post_call_success_hook(self, data, user_api_key_dict, response):
        copy = Copy(data)
        if copy.rule is not None:
            copy.add(response, "message")
            copy.end()
        return response

    async def async_post_call_streaming_iterator_hook(self, user_api_key_dict, response, request_data):
        copy = Copy(request_data)
        async for chunk in response:
            yield chunk
            if copy.rule is not None:
                copy.add(chunk, "delta")
        copy.end()


shutdown_of_litellm = proxy_server.proxy_shutdown_event


async def shutdown(*args, **kwargs):
    """After the last answer and before the process ends; LiteLLM has no hook there."""
    await asyncio.to_thread(store.drain)
    await shutdown_of_litellm(*args, **kwargs)


proxy_server.proxy_shutdown_event = shutdown

capture = Capture()
