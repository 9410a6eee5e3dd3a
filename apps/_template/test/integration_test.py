"""A deployed instance, asked over the network.   make integration BASE_URL=http://127.0.0.1:8080 TERMINATE='COMMAND'

BASE_URL is where it answers; VERSION, the version that should run there; TERMINATE, a command that takes an instance
away (kubectl rollout restart, or kill -TERM), after which requests must be answered for DRAIN_SECONDS (3) and longer.
"""

import http.client
import json
import os
import re
import shutil
import subprocess
import time
from urllib.parse import urlsplit

import pytest

BASE_URL = urlsplit(os.environ.get("BASE_URL", ""))
VERSION = os.environ.get("VERSION", "")
TERMINATE = os.environ.get("TERMINATE", "")
DRAIN_SECONDS = float(os.environ.get("DRAIN_SECONDS", "3"))

pytestmark = pytest.mark.skipif(not BASE_URL.hostname, reason="BASE_URL does not say where the instance answers")


def get(path: str) -> tuple[int, str]:
    assert BASE_URL.hostname
    kind = http.client.HTTPSConnection if BASE_URL.scheme == "https" else http.client.HTTPConnection
    connection = kind(BASE_URL.hostname, BASE_URL.port, timeout=10)
    try:
        connection.request("GET", BASE_URL.path.rstrip("/") + path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def test_is_alive() -> None:
    status, body = get("/healthz")
    assert (status, json.loads(body)) == (200, {"status": "alive"})


def test_is_ready() -> None:
    status, body = get("/readyz")
    assert (status, json.loads(body)) == (200, {"status": "ready"})


def test_serves_metrics() -> None:
    status, metrics = get("/metrics")
    assert status == 200
    series = [line.rpartition(" ")[0] for line in metrics.splitlines() if not line.startswith("#")]
    assert len(series) == len(set(series)), "a series is there twice"
    assert {"http_requests_in_flight", "process_resident_memory_bytes"} <= set(series)


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")
def test_its_metrics_are_what_prometheus_expects() -> None:
    run = subprocess.run(["promtool", "check", "metrics"], input=get("/metrics")[1], text=True, capture_output=True)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


@pytest.mark.skipif(not VERSION, reason="VERSION does not say what should run")
def test_runs_the_version() -> None:
    found = re.search(r'^app_info\{version="([^"]*)"\} 1\.0$', get("/metrics")[1], re.MULTILINE)
    assert found
    assert found[1] == VERSION


# The last test, because afterwards the instance may be gone.
@pytest.mark.skipif(not TERMINATE, reason="TERMINATE does not say how to take an instance away")
def test_an_instance_that_ends_loses_no_request() -> None:
    end = time.monotonic() + DRAIN_SECONDS
    subprocess.run(TERMINATE, shell=True, check=True)
    answers = []
    while time.monotonic() < end:
        answers.append(get("/greetings/Ada")[0])
        time.sleep(0.01)
    assert answers
    assert set(answers) == {200}
