"""test-app: rolls dice."""
import json
import logging
import os
import random
import time
import uuid
from datetime import datetime, timezone

from flask import Flask, abort, g, has_request_context, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector, generate_latest
from werkzeug.exceptions import HTTPException

ORIGIN = {
    "app": "test-app",
    "env": os.environ.get("APP_ENV", "local"),
    "version": os.environ.get("APP_VERSION", "unknown"),
}
PLATFORM_ROUTES = {"/healthz", "/readyz", "/metrics"}


class JsonFormatter(logging.Formatter):
    def format(self, record):
        line = {
            "ts": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "msg": record.getMessage(),
            "request_id": g.get("request_id") if has_request_context() else None,
            **ORIGIN,
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


def create_app(registry=None):
    app = Flask(__name__, static_folder=None)
    app.logger.setLevel(os.environ.get("LOG_LEVEL", "info").upper())
    app.config["DRAINING"] = False  # set on SIGTERM, see gunicorn.conf.py
    app.register_error_handler(HTTPException, lambda error: ({"error": error.description}, error.code))
    most_sides = int(os.environ.get("MAX_SIDES", "20"))

    registry = registry or CollectorRegistry()
    ProcessCollector(registry=registry)
    Info("app", "What is running.", registry=registry).info(ORIGIN)
    requests = Counter("http_requests_total", "Requests answered.", ["method", "route", "status"], registry=registry)
    seconds = Histogram("http_request_duration_seconds", "Time to answer.", ["method", "route"], registry=registry)
    in_flight = Gauge("http_requests_in_flight", "Requests being answered.", registry=registry)

    @app.before_request
    def begin():
        g.request_id = request.headers.get("X-Request-Id", "")[:64] or uuid.uuid4().hex
        if request.path not in PLATFORM_ROUTES:
            g.began = time.perf_counter()
            in_flight.inc()

    @app.after_request
    def measure(response):
        if "began" in g:
            method, route = (request.method, request.url_rule.rule) if request.url_rule else ("any", "unmatched")
            requests.labels(method, route, response.status_code).inc()
            seconds.labels(method, route).observe(time.perf_counter() - g.began)
            app.logger.info("%s %s %d", method, route, response.status_code)
        return response

    @app.teardown_request
    def end(_error):
        if "began" in g:
            in_flight.dec()

    @app.get("/healthz")
    def health():
        return {"status": "alive"}

    @app.get("/readyz")
    def readiness():
        return ({"status": "draining"}, 503) if app.config["DRAINING"] else {"status": "ready"}

    @app.get("/metrics")
    def metrics():
        return generate_latest(registry), {"Content-Type": CONTENT_TYPE_LATEST}

    @app.get("/roll/<int:sides>")
    def roll(sides):
        if not 2 <= sides <= most_sides:
            abort(400, f"A die has 2 to {most_sides} sides.")
        return {"sides": sides, "rolled": random.randint(1, sides)}

    return app
