"""Makes a tree smaller while a test still holds: files, blocks of lines by indentation, parts of JSON, flow collections, values."""

import json
import re


class Shrinker:
    """`holds(files)` says whether what is looked for is still there. `budget` bounds the calls."""

    def __init__(self, files, holds, budget=1500):
        self.files, self.test, self.budget = dict(files), holds, budget
        self.known = {}

    def holds(self, files):
        key = hash(tuple(sorted(files.items())))
        if key not in self.known:
            if self.budget <= 0:
                return False
            self.budget -= 1
            self.known[key] = self.test(files)
        return self.known[key]

    def attempt(self, name, content):
        """Keeps a new content of a file (None: no file) where the test holds."""
        files = dict(self.files)
        if content is None:
            files.pop(name)
        elif files[name] == content:
            return False
        else:
            files[name] = content
        if not self.holds(files):
            return False
        self.files = files
        return True

    def run(self):
        before = None
        while before != self.files and self.budget > 0:
            before = dict(self.files)
            self.folders()
            for name in sorted(self.files, key=lambda n: -len(self.files[n])):
                self.attempt(name, None)
            for name in sorted(self.files, key=lambda n: ("ustomization" not in n, -len(self.files[n]))):
                if name in self.files:
                    self.file(name)
        return self.files

    def folders(self):
        for folder in sorted({name.split("/")[0] for name in self.files}):
            rest = {name: content for name, content in self.files.items() if not name.startswith(folder + "/")}
            if rest and self.holds(rest):
                self.files = rest

    def file(self, name):
        self.normalize(name)
        if name.endswith(".json") or self.files[name].lstrip()[:1] in (b"[", b"{"):
            self.json(name)
        try:
            self.files[name].decode()
        except UnicodeDecodeError:
            self.bytes(name)
            return
        self.blocks(name)
        self.first_keys(name)
        self.flows(name)
        self.values(name)

    def normalize(self, name):
        """Plain encodings and line ends, where they do not matter."""
        content = self.files[name]
        for smaller in (content.replace(b"\r\n", b"\n"), content.removeprefix(b"\xef\xbb\xbf"), re.sub(rb"(?m)^ *#.*\n", b"", content), re.sub(rb"(?m) +#.*$", b"", content)):
            self.attempt(name, smaller)

    def bytes(self, name):
        size = len(self.files[name]) // 2
        while size:
            for start in range(0, len(self.files[name]), size):
                content = self.files[name]
                self.attempt(name, content[:start] + content[start + size :])
            size //= 2

    # Blocks of lines

    def lines(self, name):
        return self.files[name].decode().split("\n")

    def blocks(self, name):
        """Deletes blocks, the largest first, until none goes."""
        tried = set()
        while self.budget > 0:
            lines = self.lines(name)
            blocks = {(end - start, start, "\n".join(lines[max(start - 1, 0) : end])) for start, end in block_ends(lines) if end - start < len(lines)}
            fresh = [block for block in blocks if (block[0], block[2]) not in tried]
            if not fresh:
                return
            size, start, text = max(fresh)
            tried.add((size, text))
            self.attempt(name, "\n".join(lines[:start] + lines[start + size :]).encode())

    def first_keys(self, name):
        """`- a: 1` followed by `  b: 2` becomes `- b: 2`."""
        index = 0
        while index + 1 < len(self.lines(name)):
            lines = self.lines(name)
            match = re.match(r"( *)- ", lines[index])
            follower = match and re.match(" " * (len(match.group(1)) + 2) + r"[^ ]", lines[index + 1])
            if follower:
                pad = len(match.group(1))
                if self.attempt(name, "\n".join(lines[:index] + [" " * pad + "- " + lines[index + 1][pad + 2 :]] + lines[index + 2 :]).encode()):
                    continue
            index += 1

    # Within a line

    def flows(self, name):
        for pattern, new in ((r"[^,{}\[\]]+,", ""), (r",[^,{}\[\]]+(?=[\]}])", ""), (r"\{[^{}]+\}", "{}"), (r"\[[^\[\]]+\]", "[]")):
            position = 0
            while True:
                text = self.files[name].decode()
                if "{" not in text and "[" not in text:
                    return
                match = re.compile(pattern).search(text, position)
                if not match or self.budget <= 0:
                    break
                line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
                inside = "{" in line or "[" in line or match.group(0)[0] in "{["
                if not inside or "\n" in match.group(0) or not self.attempt(name, (text[: match.start()] + new + text[match.end() :]).encode()):
                    position = match.start() + 1

    def values(self, name):
        """Shorter values, quotes off, short keys."""
        for index in range(len(self.lines(name))):
            for pattern, new in ((r"^(.*?[:-] )(\S.*)$", r"\1a"), (r"^(.*?: )(\S.*)$", r"\g<1>1"), (r"^( *- )[\"'](\w+)[\"']$", r"\1\2"), (r"[\"']([a-zA-Z]\w*)[\"']", r"\1"), (r"^([^:]*: &\w+)$", ""), (r"&\w+ ", "")):
                lines = self.lines(name)
                if index >= len(lines):
                    return
                new_line = re.sub(pattern, new, lines[index])
                if len(new_line) < len(lines[index]) and new_line:
                    self.attempt(name, "\n".join(lines[:index] + [new_line] + lines[index + 1 :]).encode())

    # JSON

    def json(self, name):
        try:
            value = json.loads(self.files[name])
        except ValueError:
            return
        self.value = value
        self.attempt(name, json.dumps(value, ensure_ascii=False).encode())
        self.json_part(name, value, value)

    def json_part(self, name, whole, part):
        keys = list(part) if isinstance(part, dict) else list(range(len(part) - 1, -1, -1)) if isinstance(part, list) else []
        for key in keys:
            old = part.pop(key)
            if self.attempt(name, json.dumps(whole, ensure_ascii=False).encode()):
                continue
            if isinstance(part, list):
                part.insert(key, old)
            else:
                rest = dict(part)
                part.clear()
                part.update({k: (old if k == key else rest[k]) for k in keys if k == key or k in rest})
            self.json_part(name, whole, old)


def depth_of(line):
    """Items of a list belong to the key above them, also where they are not indented."""
    if not line.strip():
        return 1 << 20
    if line.startswith("---"):
        return -1
    pad = len(line) - len(line.lstrip(" "))
    return pad * 2 + (1 if line.lstrip(" ").startswith("- ") or line.strip() == "-" else 0)


def block_ends(lines):
    """Every line with what is below it: (start, end) pairs."""
    depths = [depth_of(line) for line in lines]
    for start in range(len(lines)):
        end = start + 1
        while end < len(lines) and depths[end] > depths[start]:
            end += 1
        yield start, end
