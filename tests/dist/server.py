#!/usr/bin/python3
"""Lets Argo CD's own argocd-cmp-server run a program as argo/install says, and compares what it answers with what another program prints.

    tests/dist/server.py PROGRAM OTHER

For a program of another processor, under qemu: the server is this machine's. Every overlay of the examples is asked for, and the root set, over the
socket as repo-server does. Needs argocd (tests/e2e/setup) and python3-grpcio. Status 77: something of this is not there."""
import json
import os
import subprocess
import sys
import tempfile
import time

import yaml

top = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(top, "tests/e2e"), os.path.join(top, "tests/image")]
import programs

try:
    import client
except ImportError as absent:
    print(absent)
    sys.exit(77)
argocd = programs.find_all(["argocd"])[0].get("argocd")
if not argocd:
    print("no argocd: tests/e2e/setup")
    sys.exit(77)


def printed(program, repository, path, project):
    """What a program prints when Argo CD calls it there, as objects."""
    variables = client.environment(path, "root" if project == "argocd-root" else "shop", project, [])
    variables = {**os.environ, **{name: value for name, value in variables.items()}}
    command = yaml.safe_load(open(os.path.join(top, "argo/install/plugin.yaml")))["spec"]["generate"]["command"]
    done = subprocess.run([program, *command[1:]], cwd=os.path.join(repository, path), env=variables, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=True)
    return [json.loads(json.dumps(each)) for each in yaml.safe_load_all(done.stdout) if each]


def wait_for(path, server):
    while not os.path.exists(path):
        if server.poll() is not None:
            sys.exit(f"the server ended: {open(log.name).read()[-500:]}")
        time.sleep(0.05)


program, other = (os.path.abspath(name) for name in sys.argv[1:])
with tempfile.TemporaryDirectory() as work, open(os.path.join(work, "log"), "w") as log:
    for name in ("bin", "plugins", "render", "tmp", "repository"):
        os.makedirs(os.path.join(work, name))
    os.symlink(program, os.path.join(work, "bin/rootapp"))
    repository = os.path.join(work, "repository")
    names = subprocess.run(["git", "-C", top, "ls-files", "-z", "argo", "apps"], stdout=subprocess.PIPE, text=True, check=True).stdout
    subprocess.run(["xargs", "-0", "cp", "--parents", "--no-dereference", "--target-directory", repository], cwd=top, input=names, text=True, check=True)
    environment = {"PATH": os.path.join(work, "bin") + ":" + os.environ["PATH"], "HOME": work, "TMPDIR": os.path.join(work, "tmp"), "ARGOCD_BINARY_NAME": "argocd-cmp-server",
                   "ARGOCD_CMP_WORKDIR": os.path.join(work, "render"), "ARGOCD_PLUGINSOCKFILEPATH": os.path.join(work, "plugins"), "ARGOCD_EXEC_TIMEOUT": "60s"}
    server = subprocess.Popen([argocd, "--config-dir-path", os.path.join(top, "argo/install")], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        socket = os.path.join(work, "plugins/rootapp.sock")
        wait_for(socket, server)
        asked, packed = client.Client(socket), client.pack(repository, [".git"])
        overlays = sorted(os.path.relpath(folder, repository) for folder, folders, files in os.walk(repository + "/apps")
                          if "/overlays/" in folder and "kustomization.yaml" in files)
        differing = []
        for path, project, app in [(path, "tenants", "shop") for path in overlays] + [("argo/root", "argocd-root", "root")]:
            answer = asked.generate(packed, path, app=app, project=project, parameters=[])
            wanted = printed(other, repository, path, project)
            if not answer or sorted(map(json.dumps, answer)) != sorted(map(json.dumps, wanted)):
                differing.append(path)
        asked.close()
    finally:
        server.kill()  # it waits for streams that are open
        server.wait()
print(f"{len(overlays)} overlays and the root set" + (f", of which differ: {' '.join(differing)}" if differing else ""))
sys.exit(bool(differing) or not overlays)
