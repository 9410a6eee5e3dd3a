"""Greets people, and signs each greeting so that a forged one can be told from a real one.

Nothing happens at import. Settings, metrics and routes belong to the application that create_app makes, so the module
can be imported, reloaded and tested any number of times.
"""

import hashlib
import hmac
import json
import logging
import os
import re
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Flask, Response, abort, g, has_request_context, request
from flask.typing import ResponseReturnValue
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    generate_latest,
)
from werkzeug.exceptions import HTTPException

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
LONGEST_NAME = 64


class JsonFormatter(logging.Formatter):
    """One JSON object a line, which is what log collectors understand without a parsing rule."""

    def __init__(self) -> None:
        super().__init__()
        self.origin = {
            "app": os.environ.get("APP_NAME", "local"),
            "env": os.environ.get("APP_ENV", "local"),
            "version": os.environ.get("APP_VERSION", "unknown"),
        }

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "msg": record.getMessage(),
            "request_id": g.get("request_id") if has_request_context() else None,
            **self.origin,
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


@dataclass(frozen=True)
class Settings:
    version: str
    log_level: str
    farewells: bool
    signing_key: bytes | None


def read_settings(environ: Mapping[str, str]) -> Settings:
    """A wrong setting stops the start, where a rollout waits and keeps the old pods: later it would fail requests."""
    signing_key = environ.get("SIGNING_KEY", "").encode()
    signatures = read_flag(environ, "FEATURE_SIGNATURES")
    if signatures and not signing_key:
        raise ValueError("FEATURE_SIGNATURES is true, but SIGNING_KEY is empty")
    return Settings(
        version=environ.get("APP_VERSION", "unknown"),
        log_level=environ.get("LOG_LEVEL", "info").upper(),
        farewells=read_flag(environ, "FEATURE_FAREWELLS"),
        signing_key=signing_key if signatures else None,
    )


def read_flag(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name, "false")
    if value not in ("true", "false"):
        raise ValueError(f"{name} is '{value}': it must be 'true' or 'false'")
    return value == "true"


def create_app(registry: CollectorRegistry | None = None, environ: Mapping[str, str] = os.environ) -> Flask:
    settings = read_settings(environ)
    registry = registry or CollectorRegistry()

    app = Flask(__name__, static_folder=None)
    app.logger.setLevel(settings.log_level)
    app.register_error_handler(HTTPException, lambda error: ({"error": error.description}, error.code))

    add_request_ids(app)
    add_measurements(app, registry)
    add_operations(app, registry, settings)
    add_greetings(app, settings)
    return app


def add_request_ids(app: Flask) -> None:
    @app.before_request
    def take_request_id() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex

    @app.after_request
    def return_request_id(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.request_id
        return response


def add_measurements(app: Flask, registry: CollectorRegistry) -> None:
    """Counts, times and logs requests by the template of their route: each path would be a series of its own."""
    requests = Counter("http_requests_total", "Requests answered.", ["method", "route", "status"], registry=registry)
    seconds = Histogram("http_request_duration_seconds", "Time to answer.", ["method", "route"], registry=registry)
    in_flight = Gauge("http_requests_in_flight", "Requests being answered.", registry=registry)

    @app.before_request
    def start() -> None:
        if request.blueprint != "operations":  # probes are not traffic, and a drain's 503 is not an error
            g.started = time.perf_counter()
            in_flight.inc()

    @app.after_request
    def measure(response: Response) -> Response:
        if "started" not in g:
            return response
        duration = time.perf_counter() - g.started
        # without a route the method is the client's invention too, and would make a series each
        method, route = (request.method, request.url_rule.rule) if request.url_rule else ("any", "unmatched")
        requests.labels(method, route, response.status_code).inc()
        seconds.labels(method, route).observe(duration)
        fields = {
            "method": request.method,
            "route": route,
            "status": response.status_code,
            "duration_ms": round(duration * 1000, 2),
        }
        app.logger.info("request", extra={"fields": fields})
        return response

    @app.teardown_request
    def finish(_error: BaseException | None) -> None:
        if "started" in g:
            in_flight.dec()


def add_operations(app: Flask, registry: CollectorRegistry, settings: Settings) -> None:
    """What the platform asks: is the process alive, may it have traffic, how does it do."""
    ProcessCollector(registry=registry)
    # Which app and environment it is says Prometheus, in the labels of the target: here they would be in the way.
    Info("app", "What is running.", registry=registry).info({"version": settings.version})
    app.config["DRAINING"] = False  # set on SIGTERM, see gunicorn.conf.py
    operations = Blueprint("operations", __name__)

    @operations.get("/healthz")
    def health() -> ResponseReturnValue:
        return {"status": "alive"}  # asks nobody else: a restart would not mend a dependency

    @operations.get("/readyz")
    def readiness() -> ResponseReturnValue:
        if app.config["DRAINING"]:
            return {"status": "draining"}, 503
        return {"status": "ready"}

    @operations.get("/metrics")
    def metrics() -> ResponseReturnValue:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    app.register_blueprint(operations)


def add_greetings(app: Flask, settings: Settings) -> None:
    def answer(text: str) -> ResponseReturnValue:
        body = {"text": text}
        if settings.signing_key:
            body["signature"] = hmac.new(settings.signing_key, text.encode(), hashlib.sha256).hexdigest()
        return body

    def check(name: str) -> None:
        if len(name) > LONGEST_NAME:
            abort(400, f"A name has at most {LONGEST_NAME} characters.")

    @app.get("/greetings/<name>")
    def greeting(name: str) -> ResponseReturnValue:
        check(name)
        return answer(f"Hello, {name}!")

    if settings.farewells:

        @app.get("/farewells/<name>")
        def farewell(name: str) -> ResponseReturnValue:
            check(name)
            return answer(f"Goodbye, {name}!")
