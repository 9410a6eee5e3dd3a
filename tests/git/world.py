"""A repository on a server of 127.0.0.1, and a clone of it, for tests of what git, servers and rivals do."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import traceback

import server

ROOTAPP = os.environ.get("ROOTAPP") or str(pathlib.Path(__file__).resolve().parents[2] / "build/rootapp")
POLICY = """apiVersion: rootapp.dev/v1alpha1
kind: RootApp
metadata: {name: apps}
spec:
  source: {repoURL: "https://github.com/example/gitops.git", targetRevision: main}
  discover: [{path: "apps/{app}/overlays/{env}"}]
  environments:
  - {name: dev, destination: {name: in-cluster, namespace: "{app}-{env}"}}
  - {name: qa, targetRevision: v1.0, destination: {name: in-cluster, namespace: "{app}-{env}"}}
  - {name: prod, targetRevision: release, destination: {name: in-cluster, namespace: "{app}-{env}"}}
  teams: [{name: default, apps: ["*"]}]
"""
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: shop}\nspec: {containers: [{name: c, image: 'example/shop:0'}]}\n"
FILE = "apps/shop/overlays/dev/kustomization.yaml"


class Fault(Exception):
    pass


def expect(good, *said):
    if not good:
        raise Fault(" ".join(map(str, said)))


class World:
    """A repository on a server, and a clone of it."""

    def __init__(self, kind=server.Daemon, **more):
        self.work = pathlib.Path(tempfile.mkdtemp())
        self.bare, self.clone, self.temporary = self.work / "server/repo.git", self.work / "clone", self.work / "tmp"
        self.temporary.mkdir()
        server.git("init", "-q", "--bare", "-b", "main", str(self.bare))
        server.git("config", "http.receivepack", "true", cwd=self.bare)
        self.server = kind(self.work / "server", **more)
        self.url = self.server.url + "/repo.git"
        server.git("init", "-q", "-b", "main", str(self.clone))
        server.git("remote", "add", "origin", self.url, cwd=self.clone)
        server.git("remote", "add", "local", str(self.bare), cwd=self.clone)
        self.write("argo/root/kustomization.yaml", "generators: [rootapp.yaml]\n")
        self.write("argo/root/rootapp.yaml", POLICY)
        for environment in ("dev", "qa", "prod"):
            self.write(f"apps/shop/overlays/{environment}/pod.yaml", POD)
            self.write(f"apps/shop/overlays/{environment}/kustomization.yaml",
                       "resources: [pod.yaml]\nimages:\n- name: example/shop\n  newTag: 1.0.0 # the tag\n")
        self.commit("first")
        server.git("push", "-q", "local", "main", "main:release", cwd=self.clone)

    def close(self):
        self.server.close()
        shutil.rmtree(self.work, ignore_errors=True)

    def write(self, path, text):
        file = self.clone / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def commit(self, message):
        server.git("add", "-A", cwd=self.clone)
        server.git("commit", "-qm", message, cwd=self.clone)

    def hook(self, name, text):
        file = self.bare / "hooks" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("#!/bin/sh\n" + text)
        file.chmod(0o755)

    def run(self, *words, cwd=None, status=0, command="set-image", **environment):
        """The output of `rootapp set-image`, whose exit status has to be this one. A variable that is None is not there."""
        variables = {**server.ENVIRONMENT, "TMPDIR": str(self.temporary), **environment}
        done = subprocess.run([ROOTAPP, command, *words], cwd=cwd or self.clone, stdin=subprocess.DEVNULL,
                              env={name: value for name, value in variables.items() if value is not None},
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.err = done.stderr
        expect(done.returncode == status, f"status {done.returncode}, expected {status}:", done.stdout, done.stderr)
        return done.stdout

    def at(self, *words):
        return server.git(*words, cwd=self.bare).strip()

    def tip(self, branch="main"):
        return self.at("rev-parse", branch)

    def tag(self, branch="main", path=FILE):
        return re.search(r"newTag: (\S+)", self.at("show", f"{branch}:{path}"))[1]

    def by_hand(self, text, path=FILE, message="by hand"):
        """Somebody else's commit of a new tag."""
        clone = self.work / "other"
        if not clone.exists():
            server.git("clone", "-q", str(self.bare), str(clone))
        server.git("pull", "-q", cwd=clone)
        file = clone / path
        file.write_text(re.sub(r"newTag: \S+", f"newTag: {text}", file.read_text()))
        server.git("commit", "-qam", message, cwd=clone)
        server.git("push", "-q", "origin", "HEAD:main", cwd=clone)


def run_tests(tests):
    """Runs each test_* of a dictionary, with a world of its own; the command line names some of them."""
    wanted, passed, failed = sys.argv[1:], 0, 0
    for name, test in list(tests.items()):
        if not name.startswith("test_") or (wanted and not any(text in name for text in wanted)):
            continue
        world = World() if test.__code__.co_argcount else None
        try:
            skipped = test(world) if world else test()
            if skipped:
                print(f"skipped {name}: {skipped}")
            passed += not skipped
        except Exception as problem:
            failed += 1
            print(f"FAILED {name}: {problem}" if isinstance(problem, Fault) else traceback.format_exc())
        finally:
            if world:
                world.close()
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed != 0)
