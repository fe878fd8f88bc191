#!/usr/bin/env python3
"""Writes names.json: the metrics that the pinned vLLM and LiteLLM define, read from the sources in their wheels.

    pip download --no-deps vllm==0.30.0 litellm==1.106.2
    python3 components/monitoring/metric-names/list_names.py vllm-0.30.0-*.whl litellm-1.106.2-*.whl

Nothing is installed and nothing of a wheel is run: the files that define metrics are read as syntax trees.
"""

import ast
import json
import pathlib
import re
import sys
import zipfile

SOURCES = {"vllm": "vllm/v1/metrics/loggers.py", "litellm": "litellm/integrations/prometheus.py"}
PREFIX = {"vllm": "vllm:", "litellm": "litellm_"}
KINDS = ("counter", "gauge", "histogram")


def kind_of(call):
    """`self._counter_cls(…)` and `self._counter_factory(…)` make counters; so for the others."""
    if not isinstance(call.func, ast.Attribute):
        return None
    return next((kind for kind in KINDS if re.fullmatch(rf"_?{kind}_(cls|factory)", call.func.attr)), None)


def name_of(call, prefix):
    values = [keyword.value for keyword in call.keywords if keyword.arg == "name"] + list(call.args[:1])
    texts = [value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)]
    return next((text for text in texts if text.startswith(prefix)), None)


def metrics(source, prefix):
    found = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (kind := kind_of(node)) and (name := name_of(node, prefix)):
            found[name] = kind
    return dict(sorted(found.items()))


def main():
    listed = {}
    for wheel in sys.argv[1:]:
        package, version = re.match(r"([a-z]+)-([\d.]+)-", pathlib.Path(wheel).name).groups()
        source = zipfile.ZipFile(wheel).read(SOURCES[package]).decode()
        listed[package] = {"version": version, "metrics": metrics(source, PREFIX[package])}
    lacking = [package for package in SOURCES if not listed.get(package, {}).get("metrics")]
    if lacking:
        sys.exit(f"no metrics of {', '.join(lacking)}; give both wheels, and see whether their sources have moved")
    target = pathlib.Path(__file__).parent / "names.json"
    target.write_text(json.dumps(listed, indent=2) + "\n")
    print({package: len(content["metrics"]) for package, content in listed.items()})


main()
