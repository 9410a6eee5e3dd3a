"""One process, because each would have metrics of its own, and a few threads."""
import os
import signal

DRAIN_SECONDS = int(os.environ.get("DRAIN_SECONDS", "5"))

wsgi_app = "server:create_app()"
bind = "0.0.0.0:8080"
worker_class = "gthread"
workers = 1
threads = 4
graceful_timeout = DRAIN_SECONDS + 10
worker_tmp_dir = "/dev/shm"  # not on a disk, where a slow write would look like a hanging worker
control_socket_disable = True  # it would need a writable home
logconfig_dict = {
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "server.JsonFormatter"}},
    "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stdout"}},
    "root": {"level": "INFO", "handlers": ["stdout"]},
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": ["stdout"], "propagate": False}},
}


def post_worker_init(worker):
    """On SIGTERM says 503 to readiness probes, and stops only after load balancers had DRAIN_SECONDS to notice."""
    def drain(_signal, _frame):
        worker.wsgi.config["DRAINING"] = True
        signal.alarm(max(DRAIN_SECONDS, 1))

    signal.signal(signal.SIGALRM, worker.handle_exit)
    signal.signal(signal.SIGTERM, drain)
