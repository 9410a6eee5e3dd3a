import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import server


@pytest.fixture
def client():
    return server.create_app().test_client()


def test_rolls_within_the_sides(client):
    rolls = {client.get("/roll/3").json["rolled"] for _ in range(200)}
    assert rolls == {1, 2, 3}


@pytest.mark.parametrize("sides", [1, 21])
def test_refuses_an_impossible_die(client, sides):
    response = client.get(f"/roll/{sides}")
    assert response.status_code == 400
    assert response.json == {"error": "A die has 2 to 20 sides."}


def test_the_environment_sets_the_most_sides(monkeypatch):
    monkeypatch.setenv("MAX_SIDES", "100")
    assert server.create_app().test_client().get("/roll/100").status_code == 200


def test_measures_rolls_but_not_probes(client):
    client.get("/roll/6")
    client.get("/healthz")
    client.get("/elsewhere")
    metrics = client.get("/metrics").text
    assert 'http_requests_total{method="GET",route="/roll/<int:sides>",status="200"} 1.0' in metrics
    assert 'http_requests_total{method="any",route="unmatched",status="404"} 1.0' in metrics
    assert "healthz" not in metrics
    assert "http_requests_in_flight 0.0" in metrics


def status_of(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code


def test_the_process_serves_drains_and_ends():
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--bind", "127.0.0.1:0"],
        cwd=Path(server.__file__).parent, stdout=subprocess.PIPE, text=True, env={**os.environ, "DRAIN_SECONDS": "1"})
    try:
        lines = (json.loads(line)["msg"] for line in process.stdout)
        url = next(match[0] for line in lines if (match := re.search(r"http://127.0.0.1:\d+", line)))
        for path in "/healthz", "/readyz", "/metrics", "/roll/6":
            assert status_of(url + path) == 200

        process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 5
        while status_of(url + "/readyz") != 503:
            assert time.monotonic() < deadline
        assert status_of(url + "/roll/6") == 200
        assert process.wait(timeout=10) == 0
    finally:
        process.kill()
        process.communicate()
