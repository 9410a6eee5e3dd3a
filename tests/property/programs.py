"""The two programs, and what tells their results apart."""

import os
import re
import shutil
import subprocess


# A file of a tree with more words for the command line: no part of what is built.
FLAGS = "flags"

# kustomize keeps its state in annotations, and copies of them leak into its output. Ours writes them only where a JSON
# patch reads them all.
OWN_ANNOTATIONS = b"internal.config.kubernetes.io/"

# What ours refuses by intention (docs/compatibility.md), as its messages say it.
REFUSALS = re.compile(r"a content hash of kind")


class Outcome:
    """What one build did. `kind` is "good", "refused", "crashed" or "hung"."""

    def __init__(self, kind, output=b"", messages=b""):
        self.kind, self.output = kind, output
        self.messages = messages.decode("utf-8", "replace")

    def error(self):
        lines = [line for line in self.messages.splitlines() if line and not line.startswith("# Warning")]
        return " ".join(lines)

    def warnings(self):
        return sorted(line for line in self.messages.splitlines() if line.startswith("# Warning"))


class Program:
    def __init__(self, arguments, limit):
        self.arguments, self.limit = arguments, limit
        self.builds = 0

    def build(self, directory, flags=()):
        self.builds += 1
        environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "GOMAXPROCS": "1", "LC_ALL": "C"}
        environment.update({key: value for key, value in os.environ.items() if key.endswith("SAN_OPTIONS")})
        try:
            done = subprocess.run(self.arguments + ["build", directory, *flags], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  timeout=self.limit, env=environment, check=False)
        except subprocess.TimeoutExpired:
            return Outcome("hung")
        if done.returncode == 0:
            return Outcome("good", done.stdout, done.stderr)
        crashed = done.returncode != 1 or b"goroutine " in done.stderr or b"Sanitizer" in done.stderr or done.stdout
        return Outcome("crashed" if crashed else "refused", done.stdout, done.stderr)


class Difference:
    """How the programs disagree on one tree. `kind` is None where they agree."""

    def __init__(self, kind=None, shape="", ours=None, real=None):
        self.kind, self.shape, self.ours, self.real = kind, shape, ours, real

    def same_as(self, other):
        return self.kind == other.kind and self.shape == other.shape


class Judge:
    """Builds trees with both programs, in a scratch directory of its own."""

    def __init__(self, ours, real, scratch):
        self.ours, self.real, self.scratch = ours, real, scratch
        os.makedirs(scratch, exist_ok=True)

    def place(self, files):
        top = os.path.join(self.scratch, "input")
        shutil.rmtree(top, ignore_errors=True)
        for name, content in files.items():
            if name == FLAGS:
                continue
            path = os.path.join(top, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(content)
        return top

    def compare(self, files, root, like=None):
        """The difference; with `like`, only whether it could be the same one, at the price of one program where that says no."""
        directory = os.path.join(self.place(files), root)
        if not os.path.isdir(directory):
            return Difference()
        flags = flags_of(files)
        ours = self.ours.build(directory, flags)
        if ours.kind in ("crashed", "hung"):
            return Difference(ours.kind, shape_of_message(ours.error(), self.scratch)[:60], ours)
        if like and like.kind == "refused" and (ours.kind != "refused" or shape_of_message(ours.error(), self.scratch) != like.shape):
            return Difference()
        if like and like.kind in ("differs", "accepted", "warnings") and ours.kind != "good":
            return Difference()
        return self.against(ours, self.real.build(directory, flags))

    def against(self, ours, real):
        if real.kind in ("crashed", "hung") or OWN_ANNOTATIONS in real.output and ours.output != real.output:
            return Difference(None, "unjudged", ours, real)
        if ours.kind == real.kind == "refused":
            return Difference(None, "", ours, real)
        if ours.kind == "refused" and REFUSALS.search(ours.error()):
            return Difference(None, "unjudged", ours, real)
        if ours.kind == "refused":
            return Difference("refused", shape_of_message(ours.error(), self.scratch), ours, real)
        if real.kind == "refused":
            return Difference("accepted", shape_of_message(real.error(), self.scratch), ours, real)
        if ours.output != real.output:
            return Difference("differs", shape_of_output(ours.output, real.output), ours, real)
        if ours.warnings() != real.warnings():
            return Difference("warnings", "", ours, real)
        return Difference(None, "", ours, real)

    def is_stable(self, files, root, times=4):
        """Whether the real program always says the same."""
        directory = os.path.join(self.place(files), root)
        first = self.real.build(directory, flags_of(files))
        again = [self.real.build(directory, flags_of(files)) for _ in range(times)]
        return all(o.kind == first.kind and o.output == first.output for o in again)


def flags_of(files):
    return files.get(FLAGS, b"").decode().split()


def shape_of_message(message, scratch):
    """A message without what varies from tree to tree: names, numbers, paths."""
    message = message.replace(scratch, "")
    message = re.sub(r"^.*(?:recursed accumulation of path '[^']*'|accumulateDirectory): ", "", message)
    message = re.sub(r"^(Error|rootapp): ", "", message)
    message = re.sub(r"'[^']*'|\"[^\"]*\"|`[^`]*`", "'x'", message)
    message = re.sub(r"\S*[/.]\S*", "x", message)
    message = re.sub(r"\S*\d\S*", "n", message)
    message = re.sub(r"\bname:.*", "", message)
    return message[:160]


def shape_of_output(ours, real):
    """The first line that differs, as what each program says there: the keys, not the values."""
    ours, real = ours.decode("utf-8", "replace").split("\n"), real.decode("utf-8", "replace").split("\n")
    for mine, theirs in zip(ours, real):
        if mine != theirs:
            return "%s | %s" % (shape_of_line(mine), shape_of_line(theirs))
    return "end"


def shape_of_line(line):
    key = re.match(r"\s*(?:- )*(?:([\w./$-]+):)?", line)
    return key.group(1) or "item" if key else "text"
