"""The GitOps repository of the tests: a bare one that Argo CD reads, and a checkout that the tests change."""

import os
import shutil
import subprocess

SETTINGS = ["-c", "user.name=e2e", "-c", "user.email=e2e@example.com", "-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null",
            "-c", "gc.auto=0", "-c", "protocol.file.allow=always"]


class Repository:
    def __init__(self, folder):
        self.bare = os.path.join(folder, "gitops.git")
        self.checkout = os.path.join(folder, "checkout")
        self.url = "file://" + self.bare
        os.makedirs(self.checkout)
        self.git("init", "-q", "--bare", "-b", "main", self.bare)
        self.git("init", "-q", "-b", "main", ".")
        self.git("remote", "add", "origin", self.url)

    def git(self, *words):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        environment.update(GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1")
        done = subprocess.run(["git", *SETTINGS, *words], cwd=self.checkout, env=environment, stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise RuntimeError(f"git {' '.join(words)}: {done.stdout}")
        return done.stdout.strip()

    def path(self, name):
        return os.path.join(self.checkout, name)

    def copy(self, source, names):
        """Files of another folder, with their modes and links."""
        for name in names:
            os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
            shutil.copy2(os.path.join(source, name), self.path(name), follow_symlinks=False)

    def read(self, name):
        with open(self.path(name)) as file:
            return file.read()

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w") as file:
            file.write(text)

    def edit(self, name, old, new):
        text = self.read(name)
        if text.count(old) != 1:
            raise AssertionError(f"{name}: {old!r} is there {text.count(old)} times, expected once")
        self.write(name, text.replace(old, new))

    def link(self, name, target):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        os.symlink(target, self.path(name))

    def remove(self, name):
        if os.path.isdir(self.path(name)) and not os.path.islink(self.path(name)):
            shutil.rmtree(self.path(name))
        else:
            os.unlink(self.path(name))

    def move(self, old, new):
        os.makedirs(os.path.dirname(self.path(new)), exist_ok=True)
        os.rename(self.path(old), self.path(new))

    def copy_app(self, old, new):
        """An app under another name: its directory with the name replaced in its files."""
        shutil.copytree(self.path("apps/" + old), self.path("apps/" + new), symlinks=True)
        for folder, _, files in os.walk(self.path("apps/" + new)):
            for name in files:
                path = os.path.relpath(os.path.join(folder, name), self.checkout)
                self.write(path, self.read(path).replace(old, new))

    def commit(self, message, branch="main"):
        """Everything, pushed; returns the commit."""
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        self.git("push", "-q", "origin", "HEAD:" + branch)
        return self.git("rev-parse", "HEAD")

    def restore(self, commit, message="Back to the start"):
        """The content of an earlier commit, as a new one."""
        self.git("read-tree", "-u", "--reset", commit)
        self.git("clean", "-fdqx")
        return self.commit(message)
