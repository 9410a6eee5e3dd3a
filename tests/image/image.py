"""Builds the images of the Dockerfile without a container engine: mmdebstrap stands in for debian:bookworm-slim, and buildah builds
in a chroot. Everything is below one directory; the base is kept there for the next time."""
import json
import os
import shutil
import subprocess

BASE = "docker.io/library/debian:bookworm-slim"
PROGRAMS = ["buildah", "mmdebstrap"]

# What the slim image leaves out.
SLIM = ["path-exclude=/usr/share/doc/*", "path-include=/usr/share/doc/*/copyright", "path-exclude=/usr/share/info/*",
        "path-exclude=/usr/share/locale/*", "path-exclude=/usr/share/man/*"]


class Images:
    def __init__(self, directory, sources):
        self.directory, self.sources = directory, sources
        self.containers = []
        os.makedirs(directory, exist_ok=True)
        shutil.rmtree(self.path("storage"), ignore_errors=True)
        self.environment = dict(os.environ, BUILDAH_ISOLATION="chroot", TMPDIR=directory)

    def path(self, name):
        return os.path.join(self.directory, name)

    def buildah(self, *words):
        options = ["--root", self.path("storage"), "--runroot", self.path("run"), "--storage-driver", "vfs"]
        done = subprocess.run(["buildah", *options, *words], env=self.environment, stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode != 0:
            raise RuntimeError(f"buildah {words[0]}: {(done.stdout + done.stderr)[-2000:]}")
        return done.stdout.strip()

    def base(self):
        """Debian 12 as small as the slim image, in the place of the one that the Dockerfile names by its digest."""
        archive = self.path("bookworm.tar")
        if not os.path.exists(archive):
            options = ["--dpkgopt=" + each for each in ["force-unsafe-io", *SLIM]]
            subprocess.run(["mmdebstrap", "--quiet", "--variant=minbase", *options, "bookworm", archive + ".new.tar"], env=self.environment,
                           stdin=subprocess.DEVNULL, check=True)
            os.rename(archive + ".new.tar", archive)
        container = self.buildah("from", "scratch")
        self.buildah("add", container, archive, "/")
        self.buildah("commit", "--rm", container, BASE)

    def build(self, target):
        """Builds one target, and gives its name. Without the layers of those before it, which vfs copies whole: that takes longer."""
        name = "localhost/rootapp:" + target
        self.buildah("bud", "--pull-never", "--timestamp", "0", "--build-arg", "DEBIAN=" + BASE, "--target", target, "--tag", name, self.sources)
        return name

    def config(self, name):
        return json.loads(self.buildah("inspect", "--type", "image", name))["OCIv1"]

    def mount(self, name):
        """The image's files, in a directory of its own."""
        container = self.buildah("from", "--pull-never", name)
        self.containers.append(container)
        return self.buildah("mount", container)

    def packed_size(self, name):
        """What a node pulls: the compressed layers."""
        archive = self.path("pushed.tar")
        self.buildah("push", name, "oci-archive:" + archive)
        size = os.path.getsize(archive)
        os.remove(archive)
        return size

    def close(self):
        for container in self.containers:
            self.buildah("rm", container)
        for name in ("storage", "run"):
            shutil.rmtree(self.path(name), ignore_errors=True)
