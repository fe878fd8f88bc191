#!/usr/bin/env python3
"""Writes flags.json: every flag `vllm serve` of one release accepts, read from the release's wheel in the Python registry.

    python3 components/vllm/serve-flags/list_flags.py 0.30.0

Nothing is installed and nothing of the wheel is run: the few source files that define the command line are fetched out of
the wheel by HTTP ranges (a few MB of 315) and read as syntax trees. The zip's own checksums cover each file; the wheel's
sha256 is the one the registry's index states. Honours PIP_INDEX_URL.
"""

import ast
import io
import json
import os
import pathlib
import re
import sys
import urllib.parse
import urllib.request
import zipfile

INDEX = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")
ENGINE = "vllm/engine/arg_utils.py"
FRONTEND = "vllm/entrypoints/launchers/cli_args.py"
SERVE = "vllm/entrypoints/cli/serve.py"
#: Classes whose functions or fields define flags of `vllm serve`.
ENGINE_CLASSES = ("EngineArgs", "AsyncEngineArgs")
FRONTEND_CLASSES = ("BaseFrontendArgs", "FrontendArgs")
#: Named sets of values that flags take, by the name of the Literal.
VALUES = {"--kv-cache-dtype": "CacheDType", "--max-lora-rank": "MaxLoRARanks"}
#: Flags that take an object, and the class of its fields.
OBJECTS = {"--speculative-config": "SpeculativeConfig"}


class RangeFile(io.RawIOBase):
    """A remote file that is read in pieces."""

    def __init__(self, url):
        self.url, self.position = url, 0
        with urllib.request.urlopen(urllib.request.Request(url, method="HEAD"), timeout=60) as answer:
            self.size = int(answer.headers["content-length"])

    def readable(self):
        return True

    def seekable(self):
        return True

    def tell(self):
        return self.position

    def seek(self, offset, whence=0):
        self.position = (0, self.position, self.size)[whence] + offset
        return self.position

    def readinto(self, buffer):
        if self.position >= self.size:
            return 0
        last = min(self.position + len(buffer), self.size) - 1
        request = urllib.request.Request(self.url, headers={"Range": f"bytes={self.position}-{last}"})
        with urllib.request.urlopen(request, timeout=180) as answer:
            if answer.status != 206:
                sys.exit(f"{self.url} does not serve ranges; use another index (PIP_INDEX_URL)")
            data = answer.read()
        buffer[: len(data)] = data
        self.position += len(data)
        return len(data)


def wheel_of(version):
    """Address, file name and sha256 of the x86_64 wheel, from the index's page."""
    page_url = f"{INDEX}/vllm/"
    with urllib.request.urlopen(page_url, timeout=60) as answer:
        page = answer.read().decode()
    for href in re.findall(r'href="([^"]+)"', page):
        url, _, fragment = urllib.parse.urljoin(page_url, href).partition("#")
        name = url.rsplit("/", 1)[-1]
        if name.startswith(f"vllm-{version}-") and name.endswith("x86_64.whl") and fragment.startswith("sha256="):
            return url, name, fragment.removeprefix("sha256=")
    sys.exit(f"{page_url} lists no x86_64 wheel of vllm {version} with a sha256")


def classes(*trees):
    return {node.name: node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


def fields(node):
    """Annotations of a class's fields, by field."""
    return {item.target.id: ast.unparse(item.annotation) for item in node.body if isinstance(item, ast.AnnAssign)}


def is_switch(annotation):
    return annotation in ("bool", "bool | None")


def names(call):
    return [arg.value for arg in call.args if isinstance(arg, ast.Constant) and str(arg.value).startswith("-")]


def added_flags(scope, config_classes):
    """(names, is a switch) of every add_argument call in a piece of syntax."""
    sources = {}
    for node in ast.walk(scope):
        # cache_kwargs = get_kwargs(CacheConfig)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "get_kwargs":
            sources[node.targets[0].id] = ast.unparse(node.value.args[0])
    for node in ast.walk(scope):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "add_argument"):
            continue
        if not names(node):
            continue
        text = ast.unparse(node)
        source = re.search(r"(\w+_kwargs)\['(\w+)'\]", text)
        annotation = None
        if source and source[1] in sources and sources[source[1]] in config_classes:
            annotation = fields(config_classes[sources[source[1]]]).get(source[2])
        switch = "store_true" in text or "BooleanOptionalAction" in text or is_switch(annotation)
        yield names(node), switch


def literal(tree_list, name):
    for tree in tree_list:
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
                return list(ast.literal_eval(node.value.slice))
    sys.exit(f"the wheel defines no {name}")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    version = sys.argv[1]
    url, name, sha256 = wheel_of(version)
    print(f"reading {name}", file=sys.stderr)
    with zipfile.ZipFile(io.BufferedReader(RangeFile(url), 1 << 20)) as wheel:
        members = [ENGINE, FRONTEND, SERVE] + [n for n in wheel.namelist() if re.fullmatch(r"vllm/config/\w+\.py", n)]
        trees = {member: ast.parse(wheel.read(member)) for member in members}

    config_classes = classes(*(trees[member] for member in members if member.startswith("vllm/config/")))
    engine, frontend = classes(trees[ENGINE]), classes(trees[FRONTEND])
    found = []
    for name_ in ENGINE_CLASSES:
        found += added_flags(engine[name_], config_classes)
    functions = [n for n in trees[FRONTEND].body if isinstance(n, ast.FunctionDef) and n.name == "make_arg_parser"]
    for scope in [*functions, trees[SERVE]]:
        found += added_flags(scope, config_classes)
    for name_ in FRONTEND_CLASSES:
        for field, annotation in fields(frontend[name_]).items():
            found.append(([f"--{field.replace('_', '-')}"], is_switch(annotation)))

    flags = {}
    for aliases, switch in found:
        for alias in aliases:
            if not alias.startswith("--"):
                continue
            flags[alias] = "switch" if switch else "value"
            # argparse.BooleanOptionalAction
            if switch:
                flags[f"--no-{alias.removeprefix('--')}"] = "switch"
    config_trees = [tree for member, tree in trees.items() if member.startswith("vllm/config/")]
    result = {
        "vllm": version,
        "wheel": name,
        "sha256": sha256,
        "flags": dict(sorted(flags.items())),
        "values": {flag: [str(v) for v in literal(config_trees, kind)] for flag, kind in VALUES.items()},
        "objects": {flag: sorted(fields(config_classes[kind])) for flag, kind in OBJECTS.items()},
    }
    target = pathlib.Path(__file__).with_name("flags.json")
    draft = target.with_suffix(".new")
    draft.write_text(json.dumps(result, indent=1) + "\n")
    draft.rename(target)
    print(f"wrote {target.name}: {len(flags)} flags of vllm {version}", file=sys.stderr)


main()
