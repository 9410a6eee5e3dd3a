"""How the service runs: one process, so that /metrics has one registry, and threads for requests that wait."""

import os
import signal
from types import FrameType
from typing import Any

DRAIN_SECONDS = int(os.environ.get("DRAIN_SECONDS", "5"))
LONGEST_REQUEST_SECONDS = 20

wsgi_app = "server:create_app()"
bind = f"0.0.0.0:{os.environ.get('PORT', '8080')}"
worker_class = "gthread"
workers = 1
threads = 8
keepalive = 5
graceful_timeout = DRAIN_SECONDS + LONGEST_REQUEST_SECONDS
worker_tmp_dir = "/dev/shm"  # the heartbeat file: on a disk, a slow write would look like a hanging worker
control_socket_disable = True  # the root file system is read-only

level = os.environ.get("LOG_LEVEL", "info").upper()
logconfig_dict = {
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "server.JsonFormatter"}},
    "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stdout"}},
    "root": {"level": level, "handlers": ["stdout"]},
    "loggers": {"gunicorn.error": {"level": level, "handlers": ["stdout"], "propagate": False}},
}


def post_worker_init(worker: Any) -> None:
    """Makes SIGTERM a drain. /readyz turns to 503 at once, but load balancers hear of it late and still send requests:
    the worker goes on answering for DRAIN_SECONDS, and only then stops accepting and finishes what it began."""

    def drain(_signal: int, _frame: FrameType | None) -> None:
        worker.wsgi.config["DRAINING"] = True
        signal.alarm(max(DRAIN_SECONDS, 1))

    signal.signal(signal.SIGALRM, worker.handle_exit)
    signal.signal(signal.SIGTERM, drain)
