"""Applications that apply rendered branches: nothing changes when they come from there instead of from the plugin."""

import os
import subprocess

from control_plane import Unmet


def render(fixture):
    """Pushes the branches of all environments, as CI does after a merge."""
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "ci", "GIT_AUTHOR_EMAIL": "ci@example.com",
                   "GIT_COMMITTER_NAME": "ci", "GIT_COMMITTER_EMAIL": "ci@example.com"}
    done = subprocess.run([fixture.plane.rootapp, "render", "--branch"], cwd=fixture.repository.checkout, env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    return {name: fixture.repository.git("ls-remote", "origin", f"refs/heads/rendered/{name}").split("\t")[0]
            for name in fixture.environments}


def resources(fixture):
    """What all Applications of the examples have made, with uids and generations: what is applied anew is seen."""
    return {name: fixture.resources(application["spec"]["destination"]["namespace"])
            for name, application in fixture.plane.applications().items() if name not in fixture.roots}


def follows_branch(fixture, name, tips):
    application = fixture.plane.application(name)
    source = application["spec"]["source"]
    environment = application["metadata"]["labels"]["rootapp.dev/environment"]
    if source.get("plugin") or source["targetRevision"] != f"rendered/{environment}":
        return Unmet(f"{name} comes from {source}")
    return fixture.plane.is_synced(name, tips[environment])


def scenario_applications_change_over_to_rendered_branches(fixture):
    """The same objects, untouched; then a change arrives by the branch, and an app that goes is deleted."""
    fixture.add_app("shop", ["dev"])
    fixture.commit("Add shop")
    fixture.synced("root-dev", "shop-dev")
    before = resources(fixture)
    fixture.repository.edit("argo/root/rootapp.yaml", '    name: "{app}-{env}"\n', '    name: "{app}-{env}"\n    renderer: rendered\n')
    fixture.commit("Apply rendered branches")
    tips = render(fixture)
    fixture.plane.refresh()
    names = sorted(set(fixture.expected) - fixture.roots | {"shop-dev"})
    for name in names:
        fixture.plane.wait(lambda: follows_branch(fixture, name, tips), f"{name} is synced from its branch")
    after = resources(fixture)
    assert after == before, [name for name in before if after.get(name) != before[name]]

    seen = len(fixture.plane.renders())
    fixture.repository.write(fixture.overlay("shop", "dev"), "resources: [../../base]\nlabels: [{pairs: {from: branch}}]\n")
    fixture.commit("Label shop")
    tips = render(fixture)
    fixture.plane.refresh()
    fixture.plane.wait(lambda: follows_branch(fixture, "shop-dev", tips), "the change has arrived")
    labels = fixture.resources("shop-dev")["Service/shop"]["metadata"].get("labels", {})
    assert labels.get("from") == "branch", labels
    rendered = [path for path in fixture.plane.renders()[seen:] if "overlays" in path]
    assert not rendered, f"the plugin has rendered {rendered}"

    fixture.repository.remove("apps/shop")
    fixture.commit("Remove shop")
    render(fixture)
    fixture.plane.refresh()
    fixture.gone("Application", "shop-dev")
    fixture.emptied("shop-dev")
