"""The repository's own examples."""

import os

from control_plane import load


def overlay(fixture, app, environment):
    return fixture.repository.path(f"apps/{app}/k8s/overlays/{environment}")


def settings(path):
    with open(path) as file:
        return dict(line.strip().split("=", 1) for line in file if "=" in line and not line.startswith("#"))


def scenario_are_applications(fixture):
    """Each overlay is an Application, synced, in three namespaces of one cluster, with what its overlay says."""
    for app in ("example-app", "test-app"):
        for environment in fixture.environments:
            namespace = f"{app}-{environment}"
            kustomization = load(os.path.join(overlay(fixture, app, environment), "kustomization.yaml"))[0]
            deployment = fixture.api.get("Deployment", app, namespace)
            assert deployment, f"no Deployment {app} in {namespace}"
            replicas = deployment["spec"]["replicas"]
            assert replicas == kustomization["replicas"][0]["count"], f"{namespace}: {replicas} replicas"
            container = deployment["spec"]["template"]["spec"]["containers"][0]
            assert container["image"].endswith(":" + kustomization["images"][0]["newTag"]), f"{namespace}: {container['image']}"


def scenario_have_limits_and_levels(fixture):
    """The limits and log levels of the three overlays of example-app arrive."""
    seen = set()
    for environment in fixture.environments:
        folder, namespace = overlay(fixture, "example-app", environment), f"example-app-{environment}"
        patch = load(os.path.join(folder, "deployment.yaml"))[0]["spec"]["template"]["spec"]["containers"][0]
        deployment = fixture.api.get("Deployment", "example-app", namespace)
        container = deployment["spec"]["template"]["spec"]["containers"][0]
        assert container["resources"]["limits"] == patch["resources"]["limits"], f"{namespace}: {container['resources']}"
        config = container["envFrom"][0]["configMapRef"]["name"]
        data = fixture.api.get("ConfigMap", config, namespace)["data"]
        wanted = settings(os.path.join(folder, "settings.env"))
        assert data["LOG_LEVEL"] == wanted["LOG_LEVEL"] and data["APP_ENV"] == environment, f"{namespace}: {data}"
        seen.add((deployment["spec"]["replicas"], container["resources"]["limits"]["memory"], data["LOG_LEVEL"], container["image"]))
    assert len(seen) == 3, f"environments do not differ: {seen}"
