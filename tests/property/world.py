"""What one generated tree has in common: names, images, odd values, and which features are on."""

from yamltext import Verbatim

NAMES = ["web", "api", "db", "cache", "job", "my-app", "app.v1", "web-2", "a", "x1", "worker"]
ODD_NAMES = ["e3", "0x1f", "1e3", "007", "true-app", "Web", "n", "a" * 60, "web.api", "1", "web_2"]
NAMESPACES = ["prod", "team-a", "default", "kube-system", "other"]
IMAGES = ["nginx", "nginx:1.2", "nginx:latest", "repo.example/team/app:v1", "localhost:5000/app:2", "gcr.io/x.y/z",
          "app@sha256:" + "0123456789abcdef" * 4, "nginx:1.2@sha256:" + "ab" * 32, "busybox", "app", "redis:6.0-alpine"]
ODD_IMAGES = ["nginx:", "a:1:2", "NGINX", "app:v1.0_beta", "", "@sha256:ab", "nginx:1.2@", "my/nginx", "nginx-extra:1", "app@sha512:" + "a" * 8]
KEYS = ["app", "tier", "app.kubernetes.io/name", "example.com/team", "KEY", "a.b", "config.yaml", "level", "x", "10", "a/b~c", "Z"]
WORDS = ["alpha", "beta", "v1", "true", "1", "hello world", "a,b,c", "http://x.example:80/p?q=1", "", "info", "10m", "yes", "no",
         "0777", "null", "1.10", "key=value", "$(NAME)", "a: b", "# x", "- a", "'q'", '"d"', "é", "日本語", "😀", "tab\there", "trailing ",
         " leading", "back\\slash", "{a}", "[b]", "%", "@at", "`tick", "&amp", "*star", "!bang", "|", ">", "<x>", "a=b=c", "~", "=", "<<",
         "2020-01-01", "12:30:45", "1_000", "0x1F", "1e3", ".5", "-", "?", ":", "x:", "a #b", "o" * 90,
         "The quick brown fox jumps over the lazy dog and then runs away from it, as far as it can, until night falls.",
         "line one\nline two\n", "no newline\nat end", "keeps\n\n", "  indented\nfirst", "a\n\nb\n", "a\n  b\n c\n", "\n", "x\n\n\n",
         "key: value\nlist:\n- a\n- b\n", '{"json": [1, 2], "x": null}\n', "#!/bin/sh\nset -e\necho \"$1\"\n", "tail \nspace\n", "tab\t\nx\n"]
# Scalars whose type depends on the reader. The second list makes some builds fail.
ODD_SCALARS = ["0777", "0o17", "1_000", "1e3", "0x1F", "yes", "No", "on", "y", "~", "null", "Null", "", "2020-01-01",
               "2020-01-01T10:00:00Z", "2020-01-01 10:00:00 +1", "1.0", ".5", "5.", "18446744073709551615", "9007199254740993", "1:30", "-0", "+1", "=",
               "!!str 5", '!!int "5"', "!!float 1", "!!str", '"\\u00e9"', "'it''s'", '"tab\\there"', "1.10", "0b11", "0.1e-10", "-1", "1e21",
               "0.000001", "12345678.9", "08", "true", "True", "FALSE", "off", '""', "''", "123456789012345678901234567890", "-.5e+3", "1__0"]
BAD_SCALARS = [".inf", ".NaN", "!!binary aGVsbG8=", "!custom x", "!!timestamp 2020-01-01", '"\\x7f"', "<<", "!!bool yes", "@x", "%x", "{? a}", "[a, {b: c}, ]",
               "{1: x}", "{true: x}", "!!set {a}", "&x y", '"\\0"', '"a\\\n  b"', "!!null x", "{a}", "{a: , b}"]


# What files and directories may be called.
ODD_PATHS = ["a b", "UPPER", "é", "日本", "back\\slash", "x.y.z", "-dash", "q'q", "#hash", "100%", "semi;colon", "a&b", "tilde~", "(x)", "[1]", "con", "trailing.", "..dots", "😀"]


class World:
    """One tree: its chance, its pools of names and the probability of each feature."""

    FEATURES = ["overlays", "components", "patches", "smp", "json6902", "namespace", "affixes", "labels", "annotations", "replicas", "images",
                "replacements", "vars", "sort", "metadata", "configurations", "crds", "openapi", "transformers", "generators", "validators",
                "configmaps", "secrets", "odd", "styles", "json", "lists", "namespaces", "mistakes", "options", "diamonds", "customs", "fields", "schemas", "depth", "paths", "flags", "twice"]

    def __init__(self, chance):
        self.chance = chance
        self.levels = {feature: chance.pick([0, 0, 0.3, 0.7, 1]) for feature in self.FEATURES}
        self.names = chance.some(NAMES, 2, 5) + (chance.some(ODD_NAMES, 1, 2) if self.on("odd", 0.3) else [])
        self.namespaces = chance.some(NAMESPACES, 1, 3)
        self.images = chance.some(IMAGES, 2, 5) + (chance.some(ODD_IMAGES, 1, 2) if self.on("odd", 0.3) else [])
        self.keys = chance.some(KEYS, 3, 6)
        self.oddness = chance.pick([0, 0.1, 0.4, 1]) * (1 if self.levels["styles"] else 0.2)
        self.variables = []

    def on(self, feature, probability=1.0):
        return self.chance.maybe(self.levels[feature] * probability)

    def name(self):
        return self.chance.pick(self.names)

    def image(self):
        return self.chance.pick(self.images)

    def key(self):
        return self.chance.pick(self.keys)

    def text(self):
        if self.variables and self.chance.maybe(0.4):
            return self.chance.pick(["$(%s)", "--x=$(%s)", "$(%s)-$(%s)", "$$(%s)", "a $(%s) b", "$(%s", "$(%s)$(OTHER)"]).replace("%s", self.chance.pick(self.variables))
        return self.chance.pick(WORDS) if self.chance.maybe(0.5) else self.name() + self.chance.pick(["", "-x", ".local", ":80", "/p"])

    def stem(self, plain):
        """A name for a file or directory."""
        return self.chance.pick(ODD_PATHS) + plain if self.on("paths", 0.3) else plain

    def scalar(self):
        """Any scalar at all."""
        if self.on("odd", 0.4):
            return Verbatim(self.chance.pick(BAD_SCALARS if self.on("mistakes", 0.05) else ODD_SCALARS))
        kind = self.chance.weighted({"text": 6, "int": 2, "bool": 1, "null": 1, "float": 0.5})
        return {"text": self.text, "int": lambda: self.chance.pick([0, 1, 80, 8080, -1, 2**31, 10**12]), "bool": lambda: self.chance.maybe(0.5),
                "null": lambda: None, "float": lambda: self.chance.pick([0.5, 1.5, 100.25])}[kind]()

    def value(self, depth=2):
        """Any value at all."""
        if depth and self.chance.maybe(0.3):
            return {self.free_key(): self.value(depth - 1) for _ in range(self.chance.randint(0, 3))}
        if depth and self.chance.maybe(0.3):
            return [self.value(depth - 1) for _ in range(self.chance.randint(0, 3))]
        return self.scalar()

    def free_key(self):
        if self.on("odd", 0.05):
            return self.chance.pick(["a key", "é", "a2", "a10", "A", "_x", "x.y", "-k", "k" * 130, "a:b", "null", "yes", "5", "<<<", "q'q", 'd"d', "#h", ""])
        return self.chance.pick(["name", "value", "key", "size", "mode", "host", "list", "items", "ref", "a", "b", "c", "image", "path", "enabled"])

    def pairs(self, least=1, most=3, texts=True):
        """Labels or annotations."""
        keys = self.chance.some(self.keys, least, most)
        return {key: self.pair_value(texts) for key in keys}

    def pair_value(self, texts):
        if texts:
            return self.chance.pick(["web", "v1", "x", "prod", "a-b"]) if self.chance.maybe(0.7) else self.text()
        return self.scalar()
