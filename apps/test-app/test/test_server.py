"""What the service answers, asked without a network."""

import hashlib
import hmac
import importlib
import json
import logging
import runpy

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import REGISTRY, CollectorRegistry

import server


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def app(registry: CollectorRegistry) -> Flask:
    return server.create_app(registry, environ={})


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def client_with(**environ: str) -> FlaskClient:
    return server.create_app(environ=environ).test_client()


def test_greets(client: FlaskClient) -> None:
    response = client.get("/greetings/Ada")
    assert response.status_code == 200
    assert response.json == {"text": "Hello, Ada!"}


def test_refuses_a_long_name(client: FlaskClient) -> None:
    response = client.get("/greetings/" + "a" * 65)
    assert response.status_code == 400
    assert response.json == {"error": "A name has at most 64 characters."}


def test_signs_when_the_feature_is_on() -> None:
    answer = client_with(FEATURE_SIGNATURES="true", SIGNING_KEY="key").get("/greetings/Ada").get_json()
    assert answer["signature"] == hmac.new(b"key", b"Hello, Ada!", hashlib.sha256).hexdigest()


def test_does_not_sign_when_the_feature_is_off() -> None:
    assert "signature" not in client_with(SIGNING_KEY="key").get("/greetings/Ada").get_json()


def test_says_farewell_only_when_the_feature_is_on(client: FlaskClient) -> None:
    assert client.get("/farewells/Ada").status_code == 404
    assert client_with(FEATURE_FAREWELLS="true").get("/farewells/Ada").json == {"text": "Goodbye, Ada!"}


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"FEATURE_FAREWELLS": "yes"}, "FEATURE_FAREWELLS is 'yes': it must be 'true' or 'false'"),
        ({"FEATURE_SIGNATURES": "true"}, "FEATURE_SIGNATURES is true, but SIGNING_KEY is empty"),
        ({"LOG_LEVEL": "chatty"}, "Unknown level: 'CHATTY'"),
    ],
)
def test_a_wrong_setting_stops_the_start(environ: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        server.create_app(environ=environ)


def test_is_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_is_alive_but_not_ready_while_draining(app: Flask, client: FlaskClient) -> None:
    app.config["DRAINING"] = True
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    assert client.get("/greetings/Ada").status_code == 200


def test_counts_requests_by_route_template(client: FlaskClient, registry: CollectorRegistry) -> None:
    client.get("/greetings/Ada")
    client.get("/greetings/Grace")
    labels = {"method": "GET", "route": "/greetings/<name>"}
    assert registry.get_sample_value("http_requests_total", {**labels, "status": "200"}) == 2
    assert registry.get_sample_value("http_request_duration_seconds_count", labels) == 2


def test_what_a_client_invents_makes_no_series(client: FlaskClient, registry: CollectorRegistry) -> None:
    client.get("/one")
    client.open("/two", method="INVENTED")
    labels = {"method": "any", "route": "unmatched", "status": "404"}
    assert registry.get_sample_value("http_requests_total", labels) == 2


def test_probes_are_not_counted_as_traffic(client: FlaskClient) -> None:
    client.get("/readyz")
    metrics = client.get("/metrics").text
    assert "/readyz" not in metrics
    assert "http_requests_in_flight 0.0" in metrics


def test_tells_what_is_running() -> None:
    metrics = client_with(APP_VERSION="1.2.3").get("/metrics").text
    assert 'app_info{version="1.2.3"} 1.0' in metrics
    assert "process_resident_memory_bytes" in metrics


def test_a_crash_is_counted_logged_and_told_as_json(
    app: Flask, client: FlaskClient, registry: CollectorRegistry, caplog: pytest.LogCaptureFixture
) -> None:
    @app.get("/crash")
    def crash() -> str:
        raise RuntimeError("broken")

    response = client.get("/crash")
    assert response.status_code == 500
    assert "broken" not in response.text
    assert registry.get_sample_value("http_requests_total", {"method": "GET", "route": "/crash", "status": "500"}) == 1
    assert registry.get_sample_value("http_requests_in_flight") == 0
    assert "RuntimeError: broken" in caplog.text


def test_applications_do_not_share_metrics() -> None:
    importlib.reload(server)
    runpy.run_path(server.__file__, run_name="__main__")
    clients = [client_with() for _ in range(100)]
    clients[0].get("/greetings/Ada")
    assert "/greetings" in clients[0].get("/metrics").text
    assert "/greetings" not in clients[1].get("/metrics").text
    assert not any("http_requests" in family.name for family in REGISTRY.collect())


def test_each_series_is_there_once(client: FlaskClient) -> None:
    client.get("/greetings/Ada")
    lines = client.get("/metrics").text.splitlines()
    series = [line.rpartition(" ")[0] for line in lines if not line.startswith("#")]
    assert len(series) == len(set(series))


def test_a_request_id_is_kept(client: FlaskClient) -> None:
    assert client.get("/healthz", headers={"X-Request-Id": "abc-1"}).headers["X-Request-Id"] == "abc-1"


@pytest.mark.parametrize("given", ["", "two words", "x" * 65])
def test_a_bad_request_id_is_replaced(client: FlaskClient, given: str) -> None:
    assert len(client.get("/healthz", headers={"X-Request-Id": given}).headers["X-Request-Id"]) == 32


def test_logs_are_json_with_the_request_id(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_NAME", "greeter")
    monkeypatch.setenv("APP_ENV", "dev")
    monkeypatch.setenv("APP_VERSION", "1.2.3")
    formatter = server.JsonFormatter()
    record = logging.LogRecord("name", logging.WARNING, "path", 1, 'said "%s"\n', ("so",), None)
    with app.test_request_context(headers={"X-Request-Id": "abc-1"}):
        app.preprocess_request()
        line = formatter.format(record)
    assert "\n" not in line
    fields = json.loads(line)
    assert fields.pop("ts").endswith("+00:00")
    assert fields == {
        "level": "warning",
        "msg": 'said "so"\n',
        "request_id": "abc-1",
        "app": "greeter",
        "env": "dev",
        "version": "1.2.3",
    }


def test_an_exception_is_part_of_its_line() -> None:
    try:
        raise RuntimeError("broken")
    except RuntimeError as error:
        record = logging.LogRecord("name", logging.ERROR, "path", 1, "failed", (), (type(error), error, None))
    assert "RuntimeError: broken" in json.loads(server.JsonFormatter().format(record))["exception"]
