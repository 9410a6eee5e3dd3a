#!/usr/bin/env python3
"""The layers of the house: includes, and calls as nm sees them in build/obj, point down only; no circle of headers or of files.

    tests/checks/layers.py

Prints what breaks a rule, a line each, under the name of the rule; ends with "N passed, N failed"."""
import collections
import glob
import os
import re
import subprocess
import sys

# From the bottom up. Folders of one row do not know each other.
FLOORS = [
    ["lib/base"],
    ["lib/yaml", "lib/source"],
    ["lib/json"],
    ["lib/finding"],
    ["generator", "kubernetes", "kustomize/text"],
    ["kustomize/resource"],
    ["kustomize/schema", "kustomize/specs", "kustomize/remote"],
    ["kustomize/kustomization"],
    ["kustomize/field"],
    ["kustomize/patch", "kustomize/generate", "kustomize/transform", "kustomize/refer"],
    ["kustomize/helm", "kustomize/program", "kustomize/edit"],
    ["kustomize"],
    ["check", "diff"],
    ["plugin/run"],
    ["plugin/change", "plugin/mirror"],
    ["plugin/report"],
    ["plugin/adopt"],
    ["plugin"],
]
FLOOR = {folder: number for number, row in enumerate(FLOORS) for folder in row}

# One recursive thing in several files.
RECURSIONS = [
    {"lib/base/ending", "lib/base/memory", "lib/base/remove"},
    {"lib/yaml/scan", "lib/yaml/scan_block", "lib/yaml/scan_keys", "lib/yaml/scan_plain", "lib/yaml/scan_quoted", "lib/yaml/scan_tag"},
    {"lib/yaml/parse_comments", "lib/yaml/parse_stream", "lib/yaml/parse_values"},
    {"kustomize/schema/schema", "kustomize/schema/schema_file"},
    {"kustomize/patch/strategic_merge", "kustomize/patch/strategic_merge_list", "kustomize/patch/strategic_merge_odd"},
    {"kustomize/accumulate", "kustomize/builtins", "kustomize/pipeline", "kustomize/shared_base"},
    {"plugin/commands", "plugin/completion", "plugin/help", "plugin/manual", "plugin/options"},
]


def sources(pattern):
    return [path for folder in FLOOR for path in glob.glob(f"{folder}/{pattern}")]


def points_up(source, target):
    """Whether a file may not use another one."""
    source, target = os.path.dirname(source), os.path.dirname(target)
    return source != target and FLOOR.get(target, len(FLOORS)) >= FLOOR[source]


def included(path):
    """The project's own files that a file includes."""
    with open(path, encoding="utf-8") as file:
        names = re.findall(r'^#include "([^"]+)"', file.read(), re.M)
    return [name if os.path.exists(name) else "lib/" + name for name in names]


def symbols(path):
    """What an object defines and what it needs."""
    lines = subprocess.run(["nm", path], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    words = [line.split() for line in lines]
    return {w[-1] for w in words if w[-2] in "TDRBC"}, {w[-1] for w in words if w[-2] == "U"}


def calls():
    """Which source calls which other one: {caller: {callee: a symbol}}."""
    objects = {path[:-2]: f"build/obj/{path[:-2]}.o" for path in sources("*.c")}
    tables = {name: symbols(path) for name, path in objects.items() if os.path.exists(path)}
    home = {symbol: name for name, (defined, _) in tables.items() for symbol in defined}
    edges = collections.defaultdict(dict)
    for name, (_, needed) in tables.items():
        for symbol in needed:
            if home.get(symbol, name) != name:
                edges[name][home[symbol]] = symbol
    return edges


def circles(edges):
    """The strongly connected parts of a graph that have more than one member (Tarjan)."""
    index, low, stack, found = {}, {}, [], []
    sys.setrecursionlimit(10000)

    def visit(name):
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in edges.get(name, ()):
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            part = set()
            while name not in part:
                part.add(stack.pop())
            if len(part) > 1:
                found.append(part)

    for name in list(edges):
        if name not in index:
            visit(name)
    return found


def check(rule, faults):
    if faults:
        print(f"{rule}:", *(f"  {fault}" for fault in sorted(faults)), sep="\n")
    return not faults


files = sources("*.[ch]") + sources("*.def")
folders = {os.path.dirname(path) for path in subprocess.run(["git", "ls-files", "*.c"], stdout=subprocess.PIPE, text=True).stdout.split()}
call_edges = calls()
header_edges = {path: included(path) for path in files if path.endswith(".h")}
results = [
    check("folders of sources without a floor", [f for f in folders if f not in FLOOR and not f.startswith(("tests/", "macos"))]),
    check("includes that point up or sideways",
          [f"{path} includes {other}" for path in files for other in included(path) if points_up(path, other)]),
    check("calls that point up or sideways",
          [f"{caller} calls {symbol} of {callee}" for caller, callees in call_edges.items()
           for callee, symbol in callees.items() if points_up(caller, callee)]),
    check("headers that include each other", [" ".join(sorted(part)) for part in circles(header_edges)]),
    check("files that call each other in a circle",
          [" ".join(sorted(part)) for part in circles(call_edges) if not any(part <= known for known in RECURSIONS)]),
]
print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
sys.exit(0 if all(results) else 1)
