"""The service as it runs in the cluster: the real server process, real requests, and the signal that ends a pod."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest

SOURCE = Path(__file__).parent.parent / "src"


class Service:
    def __init__(self, process: subprocess.Popen[str], output: IO[str]) -> None:
        self.process = process
        self.output = output
        self.lines: list[dict[str, Any]] = []
        while not (listening := re.search(r"http://127.0.0.1:(\d+)", self.read_line()["msg"])):
            pass
        self.port = int(listening[1])
        self.get("/healthz")  # waits in the socket's queue until the worker has started

    def read_line(self) -> dict[str, Any]:
        self.lines.append(json.loads(self.output.readline()))
        return self.lines[-1]

    def get(self, path: str, timeout: float = 10) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read().decode()
        connection.close()
        return response.status, body


@pytest.fixture
def service() -> Iterator[Service]:
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--bind", "127.0.0.1:0"],
        cwd=SOURCE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "APP_ENV": "test", "APP_VERSION": "1.2.3", "DRAIN_SECONDS": "2"},
        start_new_session=True,
    )
    try:
        assert process.stdout
        yield Service(process, process.stdout)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its worker, too
        process.communicate()


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def accepts_nothing(service: Service) -> bool:
    try:
        service.get("/healthz", timeout=0.5)
    except (ConnectionError, TimeoutError):
        return True
    return False


def test_answers_probes_metrics_and_requests(service: Service) -> None:
    assert service.get("/healthz") == (200, '{"status":"alive"}\n')
    assert service.get("/readyz") == (200, '{"status":"ready"}\n')
    assert service.get("/greetings/Ada") == (200, '{"text":"Hello, Ada!"}\n')
    status, metrics = service.get("/metrics")
    assert status == 200
    assert 'http_requests_total{method="GET",route="/greetings/<name>",status="200"} 1.0' in metrics


def test_drains_on_the_signal_that_ends_a_pod(service: Service) -> None:
    with socket.create_connection(("127.0.0.1", service.port), timeout=10) as begun:
        begun.sendall(b"GET /greetings/Grace HTTP/1.1\r\nHost: test\r\n")

        service.process.send_signal(signal.SIGTERM)
        wait_until(lambda: service.get("/readyz")[0] == 503)
        assert service.get("/healthz")[0] == 200
        assert service.get("/greetings/Ada")[0] == 200, "load balancers still send requests"

        wait_until(lambda: accepts_nothing(service))
        begun.sendall(b"\r\n")
        assert b"Hello, Grace!" in begun.makefile("rb").read(), "a request that had begun is answered"
    assert service.process.wait(timeout=10) == 0


def test_logs_one_json_object_a_line(service: Service) -> None:
    service.get("/greetings/Ada")
    service.process.send_signal(signal.SIGQUIT)  # without the drain
    service.process.wait(timeout=10)
    lines = service.lines + [json.loads(line) for line in service.output]
    assert all({"ts", "level", "msg", "request_id", "app", "env", "version"} <= line.keys() for line in lines)
    request = next(line for line in lines if line["msg"] == "request")
    assert (request["route"], request["status"], request["env"]) == ("/greetings/<name>", 200, "test")
    assert len(request["request_id"]) == 32
