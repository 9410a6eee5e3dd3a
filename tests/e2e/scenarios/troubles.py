"""What Argo CD says when something is wrong with the sidecar or with a root, as docs/install.md lists it; and that it goes by itself."""

import os


def scenario_no_sidecar_yet(fixture):
    """A repo-server whose plugin is not there says so, and syncs nothing; once it is there, the next refresh is good."""
    plane = fixture.plane
    fixture.add_app("shop", ["dev"])
    fixture.commit("Add shop")
    fixture.synced("shop-dev")
    plane.processes.stop("cmp-server")
    socket = os.path.join(plane.folder, "plugins/rootapp.sock")
    if os.path.exists(socket):
        os.unlink(socket)
    try:
        plane.refresh("shop-dev", kind="hard")
        fixture.says("shop-dev", 'could not find cmp-server plugin with name "rootapp" supporting the given repository')
    finally:
        plane.start_plugin()
    plane.refresh("shop-dev", kind="hard")
    fixture.synced("shop-dev")


def scenario_an_error_is_cached(fixture):
    """The error of a commit is told again without a new attempt, until the next commit."""
    fixture.add_app("shop", ["dev"])
    fixture.commit("Add shop")
    fixture.synced("shop-dev")
    fixture.repository.write(fixture.overlay("shop", "dev"), "resources: [../../base, absent.yaml]")
    fixture.commit("Name what is not there")
    fixture.says("shop-dev", "absent.yaml")
    fixture.plane.refresh("shop-dev")
    fixture.says("shop-dev", "Manifest generation error (cached)", "absent.yaml")
    fixture.repository.write(fixture.overlay("shop", "dev"), "resources: [../../base]")
    fixture.commit("Name it no more")
    fixture.synced("shop-dev")
