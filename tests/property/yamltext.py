"""Values to YAML text, in every style that people use.

Dictionaries, lists, strings, numbers, booleans and None are written in a style chosen at random, without changing
what they mean; a Verbatim is written as it is. A dictionary or list that occurs twice (the same object) is anchored
and referred to, where the style allows it; a Merge is written with a merge key.
"""

import json
import re


class Verbatim(str):
    """Text that stands for itself: an odd scalar such as 0777 or !!str 5, or a flow collection."""


class Structured(str):
    """A text in which the ends of lines matter, such as a patch: it is never folded."""


class Merge(dict):
    """A dictionary that takes the rest of its keys from `base`, an object that occurs before it."""

    base = None


# What kyaml takes for the schema of the value beside or below it, and what only looks like it.
SCHEMAS = ['# {"type": "array", "x-kubernetes-patch-merge-key": "name", "x-kubernetes-patch-strategy": "merge"}', '# {"$ref": "#/definitions/io.k8s.api.apps.v1.DeploymentSpec"}',
           '# {"$ref": "#/definitions/io.k8s.api.core.v1.Container"}', '# {"type": "string"}', '# {"type": "integer"}', '# {}', '# {"$openapi": "nothing"}', '# {"type": "array",', "# [1]"]


class Style:
    """How one text is written. `oddness` from 0 (tidy) to 1; `schemas` is how often a comment names a schema."""

    def __init__(self, chance, oddness, schemas=0):
        self.schemas = schemas
        self.chance = chance
        self.indent = 4 if chance.maybe(oddness / 4) else 2
        self.indent_lists = chance.maybe(0.3)
        self.flow = chance.pick([0, 0, 0.05, 0.3]) * min(1, oddness * 2)
        self.quotes = chance.pick([0, 0.1, 0.5]) * min(1, oddness * 2)
        self.comments = chance.pick([0, 0, 0.05, 0.2]) * min(1, oddness * 2)
        self.blocks = chance.pick([0, 0.05, 0.3]) * oddness
        self.odd_keys = chance.pick([0, 0, 0.03]) * oddness
        self.anchors = chance.maybe(0.7)
        self.tags = chance.pick([0, 0, 0.03]) * oddness


# Plain scalars that are strings under YAML 1.1 and 1.2 alike.
PLAIN = re.compile(r"[A-Za-z_/$.][\w./@$()-]*(?:[ :=,][\w./@$()-]+)*\Z", re.ASCII)
NOT_STRINGS = re.compile(
    r"(?:y|n|yes|no|on|off|true|false|null|~|\.inf|\.nan|[-+.]?[0-9][0-9a-fox_.:+-]*|[0-9].*|\.[0-9_]*|)\Z", re.IGNORECASE
)
COMMENTS = ["# comment", "# TODO: later", "#no space", "# é 日本", "# a: b", "# - x"]


def is_plain(text, flow=False):
    if not PLAIN.match(text) or NOT_STRINGS.match(text) or text.endswith(":"):
        return False
    return not (flow and re.search(r"[,\[\]{}]", text))


def single_quoted(text):
    return "'" + text.replace("'", "''") + "'"


def double_quoted(chance, text):
    quoted = json.dumps(text, ensure_ascii=chance.maybe(0.3) and all(ord(c) < 0x10000 for c in text))
    return quoted.replace("\x7f", "\\x7f").replace("\x85", "\\N").replace("\u2028", "\\L").replace("\u2029", "\\P")


def is_printable(text):
    return all(c == "\n" or " " <= c <= "~" or ("\xa0" <= c and c not in "\u2028\u2029\ufeff") for c in text)


class Writer:
    def __init__(self, style):
        self.style, self.chance = style, style.chance
        self.seen, self.names = {}, {}

    def document(self, value):
        self.seen, self.names = {}, {}
        if self.style.anchors:
            self.count(value)
        inline, lines = self.node(value, 0, "document")
        return "\n".join(([inline] if inline else []) + lines) + "\n"

    def count(self, value):
        """Finds the collections that occur more than once."""
        if isinstance(value, (dict, list)) and value:
            self.seen[id(value)] = self.seen.get(id(value), 0) + 1
            if self.seen[id(value)] == 1:
                for child in value.values() if isinstance(value, dict) else value:
                    self.count(child)
            if isinstance(value, Merge):
                self.seen[id(value.base)] = self.seen.get(id(value.base), 0) + 1

    def node(self, value, indent, place):
        """Text for the line of the key (or dash), and the lines that follow it, indented."""
        if isinstance(value, (dict, list)) and value:
            return self.collection(value, indent, place)
        if isinstance(value, str) and not isinstance(value, Verbatim):
            return self.string(value, indent, place)
        return self.remark(self.plain(value)), []

    def collection(self, value, indent, place):
        anchor = ""
        if self.seen.get(id(value), 0) > 1:
            if id(value) in self.names:
                return "*" + self.names[id(value)], []
            self.names[id(value)] = "a%d" % (len(self.names) + 1)
            anchor = "&" + self.names[id(value)]
        if place == "document":
            anchor = ""
        if place != "document" and self.chance.maybe(self.style.flow) and self.is_small(value):
            return self.remark((anchor + " " + self.flow(value, 0)).strip()), []
        lines = self.map_lines(value, indent) if isinstance(value, dict) else self.list_lines(value, indent)
        return anchor, lines

    def is_small(self, value):
        return not isinstance(value, Merge) and len(repr(value)) < 400

    def map_lines(self, value, indent):
        lines, pad = [], " " * indent
        if isinstance(value, Merge) and self.names.get(id(value.base)):
            lines.append(pad + "<<: *" + self.names[id(value.base)])
        for key, child in value.items():
            if self.chance.maybe(self.style.comments / 2):
                lines.append(pad + self.chance.pick(COMMENTS))
            if self.chance.maybe(self.style.schemas):
                lines.append(pad + self.chance.pick(SCHEMAS))
            wide = isinstance(child, list) and self.style.indent_lists or not isinstance(child, list)
            inline, below = self.node(child, indent + (self.style.indent if wide else 0), "value")
            lines.append((pad + self.key(key) + ":" + (" " + inline if inline else "")).rstrip("\r\n"))
            lines += below
        return lines

    def list_lines(self, value, indent):
        lines, pad = [], " " * indent
        for child in value:
            inline, below = self.node(child, indent + 2, "item")
            if not inline and below and not below[0].lstrip().startswith("#") and below[0].startswith(pad + "  "):
                lines.append(pad + "- " + below[0][indent + 2 :])
                lines += below[1:]
            else:
                lines.append((pad + "- " + inline).rstrip(" ") if inline != "" else pad + "-")
                lines += below
        return lines

    def key(self, key):
        text = key if isinstance(key, Verbatim) else None
        if text is None and is_plain(key) and not self.chance.maybe(self.style.odd_keys):
            text = key
        if text is None:
            text = single_quoted(key) if is_printable(key) and self.chance.maybe(0.5) else double_quoted(self.chance, key)
        return text

    def flow(self, value, depth):
        if isinstance(value, dict) and value:
            inner = ", ".join(self.key(k) + ": " + self.flow(v, depth + 1) for k, v in value.items())
            return "{" + inner + "}" if self.chance.maybe(0.7) else "{ " + inner + " }"
        if isinstance(value, list) and value:
            return "[" + ", ".join(self.flow(v, depth + 1) for v in value) + ("," if self.chance.maybe(0.05) else "") + "]"
        if isinstance(value, str) and not isinstance(value, Verbatim):
            if is_plain(value, flow=True) and ":" not in value and not self.chance.maybe(self.style.quotes):
                return value
            return self.quoted(value)
        return self.plain(value) or "null"

    def quoted(self, text):
        if is_printable(text) and "\n" not in text and self.chance.maybe(0.5):
            return single_quoted(text)
        return double_quoted(self.chance, text)

    def plain(self, value):
        if isinstance(value, Verbatim):
            return str(value)
        if value is None:
            return self.chance.pick(["null", "null", "~", ""]) if self.style.quotes else "null"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, (dict, list)):
            return "{}" if isinstance(value, dict) else "[]"
        return str(value)

    def string(self, text, indent, place):
        if self.is_block(text):
            return self.block(text, max(indent, 1 if place == "document" else indent))
        if is_plain(text) and not self.chance.maybe(self.style.quotes):
            tag = "!!str " if self.chance.maybe(self.style.tags) else ""
            return self.wrapped(tag + text, indent), []
        return self.remark(self.quoted(text)), []

    def wrapped(self, text, indent):
        """A plain text, at times broken over two lines."""
        if self.chance.maybe(self.style.blocks / 2) and " " in text and "#" not in text and indent:
            head, tail = text.split(" ", 1)
            return head + "\n" + " " * (indent + 2) + tail
        return self.remark(text)

    def is_block(self, text):
        if not text.strip() or not is_printable(text) or text[0] in " \n" or "\t" in text:
            return False
        return self.chance.maybe(0.8) if "\n" in text else self.chance.maybe(self.style.blocks)

    def block(self, text, indent):
        folded = self.chance.maybe(0.3) and not isinstance(text, Structured)
        keep = {0: "-", 1: self.chance.pick(["", "", "+"])}.get(len(text) - len(text.rstrip("\n")), "+")
        if self.chance.maybe(0.05):
            keep = self.chance.pick(["", "+", "-"])
        pad = " " * max(indent, 1)
        body = text[:-1] if text.endswith("\n") else text
        lines = [(pad + line) if line else "" for line in body.split("\n")]
        return (">" if folded else "|") + keep + (self.chance.pick(["", " " + COMMENTS[0]]) if self.style.comments else ""), lines

    def remark(self, text):
        if self.chance.maybe(self.style.schemas) and "\n" not in text:
            return text + " " + self.chance.pick(SCHEMAS)
        if self.chance.maybe(self.style.comments) and "\n" not in text:
            return text + " " + self.chance.pick(COMMENTS)
        return text


def to_json(value):
    """Plain data for json.dumps: odd scalars become texts or numbers."""
    if isinstance(value, dict):
        whole = {}
        if isinstance(value, Merge):
            whole.update(to_json(value.base))
        whole.update({str(k).strip("\"'"): to_json(v) for k, v in value.items()})
        return whole
    if isinstance(value, list):
        return [to_json(v) for v in value]
    return str(value) if isinstance(value, str) else value


def write(chance, documents, oddness, schemas=0):
    """The text of some documents, each in a style of its own, or all in one."""
    style = Style(chance, oddness, schemas)
    texts = []
    for document in documents:
        if chance.maybe(0.3):
            style = Style(chance, oddness, schemas)
        texts.append(Writer(style).document(document))
    separator = "---\n" if not chance.maybe(oddness / 8) else chance.pick(["--- # next\n", "---\n# only this\n---\n", "--- \n", "---\n\n\n"])
    text = separator.join(texts)
    if chance.maybe(0.2):
        text = "---\n" + text
    if chance.maybe(oddness / 10):
        text = "# Copyright\n\n" + text
    if chance.maybe(oddness / 10):
        text += chance.pick(["---\n", "\n\n", "# end\n", "---\n# nothing\n", "...\n"])
    return text


def damage(chance, text):
    """A slip of the hand somewhere in a text."""
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    line = lines[at]
    place = chance.randrange(len(line) + 1)
    lines[at] = chance.pick([" " + line, line[1:], line[:place] + line[place + 1 :], line[:place] + chance.pick(list(":-#'\"{}[]&*!|>%@`,\t?")) + line[place:], line + "\n" + line,
                             line.replace(": ", ":"), line.replace("- ", "-"), "\t" + line, line[:place]])
    return "\n".join(lines)


def repeat_key(chance, text):
    """Annotations, or one of them, once more: everything else that stands twice is refused where it is printed."""
    lines = text.split("\n")
    keys = [i for i, line in enumerate(lines) if line.lstrip().startswith("annotations:") or i and lines[i - 1].lstrip().startswith("annotations:") and re.match(r" +[\w./-]+:", line)]
    if not keys:
        return text
    start = chance.pick(keys)
    depth = len(lines[start]) - len(lines[start].lstrip(" "))
    end = start + 1
    while end < len(lines) and re.match(" " * depth + "[ -]", lines[end]):
        end += 1
    return "\n".join(lines[:end] + lines[start:end] + lines[end:])


def to_bytes(chance, text, oddness):
    """Line ends and encodings."""
    if chance.maybe(oddness / 20):
        text = text.replace("\n", "\r\n")
    if chance.maybe(oddness / 20):
        text = text.rstrip("\n")
    if chance.maybe(oddness / 40):
        return b"\xef\xbb\xbf" + text.encode()
    if chance.maybe(oddness / 100):
        return text.encode("utf-16")
    return text.encode("utf-8", "surrogatepass")
