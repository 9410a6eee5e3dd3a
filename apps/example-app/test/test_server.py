"""What the service answers, asked without a network."""
import hashlib
import hmac
import importlib
import json
import logging

import pytest
from prometheus_client import REGISTRY, CollectorRegistry

import server


@pytest.fixture
def registry():
    return CollectorRegistry()


@pytest.fixture
def app(registry):
    return server.create_app(registry, environ={})


@pytest.fixture
def client(app):
    return app.test_client()


def client_with(**environ):
    return server.create_app(environ=environ).test_client()


def test_greets(client):
    response = client.get("/greetings/Ada")
    assert response.status_code == 200
    assert response.json == {"text": "Hello, Ada!"}


def test_refuses_a_long_name(client):
    response = client.get("/greetings/" + "a" * 65)
    assert response.status_code == 400
    assert response.json == {"error": "A name has at most 64 characters."}


def test_signs_when_the_feature_is_on():
    response = client_with(FEATURE_SIGNATURES="true", SIGNING_KEY="key").get("/greetings/Ada")
    assert response.json["signature"] == hmac.new(b"key", b"Hello, Ada!", hashlib.sha256).hexdigest()


def test_does_not_sign_when_the_feature_is_off():
    assert "signature" not in client_with(SIGNING_KEY="key").get("/greetings/Ada").json


def test_says_farewell_only_when_the_feature_is_on(client):
    assert client.get("/farewells/Ada").status_code == 404
    assert client_with(FEATURE_FAREWELLS="true").get("/farewells/Ada").json == {"text": "Goodbye, Ada!"}


@pytest.mark.parametrize("environ, message", [
    ({"FEATURE_FAREWELLS": "yes"}, "FEATURE_FAREWELLS is 'yes': it must be 'true' or 'false'"),
    ({"FEATURE_SIGNATURES": "true"}, "FEATURE_SIGNATURES is true, but SIGNING_KEY is empty"),
    ({"LOG_LEVEL": "chatty"}, "Unknown level: 'CHATTY'"),
])
def test_a_wrong_setting_stops_the_start(environ, message):
    with pytest.raises(ValueError, match=message):
        server.create_app(environ=environ)


def test_is_alive_and_ready(client):
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_is_alive_but_not_ready_while_draining(app, client):
    app.config["DRAINING"] = True
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    assert client.get("/greetings/Ada").status_code == 200


def test_counts_requests_by_route_template(client, registry):
    client.get("/greetings/Ada")
    client.get("/greetings/Grace")
    labels = {"method": "GET", "route": "/greetings/<name>"}
    assert registry.get_sample_value("http_requests_total", {**labels, "status": "200"}) == 2
    assert registry.get_sample_value("http_request_duration_seconds_count", labels) == 2


def test_what_a_client_invents_makes_no_series(client, registry):
    client.get("/one")
    client.open("/two", method="INVENTED")
    assert registry.get_sample_value(
        "http_requests_total", {"method": "any", "route": "unmatched", "status": "404"}) == 2


def test_probes_are_not_counted_as_traffic(client):
    client.get("/readyz")
    metrics = client.get("/metrics").text
    assert "/readyz" not in metrics
    assert "http_requests_in_flight 0.0" in metrics


def test_tells_what_is_running():
    metrics = client_with(APP_ENV="staging", APP_VERSION="1.2.3").get("/metrics").text
    assert 'app_info{app="example-app",env="staging",version="1.2.3"} 1.0' in metrics
    assert "process_resident_memory_bytes" in metrics


def test_a_crash_is_counted_logged_and_told_as_json(app, client, registry, caplog):
    @app.get("/crash")
    def crash():
        raise RuntimeError("broken")

    response = client.get("/crash")
    assert response.status_code == 500
    assert "broken" not in response.text
    assert registry.get_sample_value("http_requests_total", {"method": "GET", "route": "/crash", "status": "500"}) == 1
    assert registry.get_sample_value("http_requests_in_flight") == 0
    assert "RuntimeError: broken" in caplog.text


def test_applications_do_not_share_metrics():
    importlib.reload(server)
    one, two = client_with(), client_with()
    one.get("/greetings/Ada")
    assert "/greetings" in one.get("/metrics").text
    assert "/greetings" not in two.get("/metrics").text
    assert not any("http_requests" in family.name for family in REGISTRY.collect())


def test_a_request_id_is_kept(client):
    assert client.get("/healthz", headers={"X-Request-Id": "abc-1"}).headers["X-Request-Id"] == "abc-1"


@pytest.mark.parametrize("given", ["", "two words", "x" * 65])
def test_a_bad_request_id_is_replaced(client, given):
    assert len(client.get("/healthz", headers={"X-Request-Id": given}).headers["X-Request-Id"]) == 32


def test_logs_are_json_with_the_request_id(app, monkeypatch):
    monkeypatch.setenv("APP_ENV", "dev")
    monkeypatch.setenv("APP_VERSION", "1.2.3")
    formatter = server.JsonFormatter()
    record = logging.LogRecord("name", logging.WARNING, "path", 1, "said \"%s\"\n", ("so",), None)
    with app.test_request_context(headers={"X-Request-Id": "abc-1"}):
        app.preprocess_request()
        line = formatter.format(record)
    assert "\n" not in line
    fields = json.loads(line)
    assert fields.pop("ts").endswith("+00:00")
    assert fields == {"level": "warning", "msg": "said \"so\"\n", "request_id": "abc-1",
                      "app": "example-app", "env": "dev", "version": "1.2.3"}
