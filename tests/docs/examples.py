"""The commands that a page of the documentation shows, and what they print."""
import re

# What needs a cluster, or the repository that it follows.
CLUSTER = re.compile(r"\b(kubectl|kind|helm|git (push|commit))\b|argo/argocd")


def examples(page):
    """Commands with their output, which is None where none is shown (blocks marked `sh`)."""
    with open(page) as file:
        text = file.read()
    for kind, body in re.findall(r"^```(sh|console)\n(.*?)^```$", text, re.M | re.S):
        if kind == "sh":
            for command in re.sub(r"\\\n", "", body).splitlines():
                if command.strip() and not command.startswith("#"):
                    yield command, None
            continue
        for command, output in re.findall(r"^\$ (.*(?:\\\n.*)*)\n((?:(?!\$ ).*\n)*)", body, re.M):
            yield command, output
