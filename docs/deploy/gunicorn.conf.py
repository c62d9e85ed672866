"""The web processes: `gunicorn --config docs/deploy/gunicorn.conf.py ikz.wsgi`, behind nginx.

WEB_CONCURRENCY says how many processes, GUNICORN_CMD_ARGS overrides anything here. Not preloaded: each process opens its
own connections. New code and new settings need a restart: SIGHUP stays in the folder of the release that was started.
"""

import multiprocessing
import os

bind = "127.0.0.1:8000"  # where nobody hands over an open socket, as ikz-web.socket does
# However many cores there are: each thread holds a connection to the database, and PostgreSQL gives a hundred unless it is
# told otherwise (max_connections). Whoever wants more says so on both sides.
MOST_UNASKED = 8
workers = int(os.environ.get("WEB_CONCURRENCY") or min(multiprocessing.cpu_count() + 1, MOST_UNASKED))
worker_class = "gthread"  # somebody who waits for the virus scanner holds a thread, not a process
threads = 4
timeout = 90  # longer than the longest request: an upload with a scan (IKZ_CLAMD_SECONDS)
graceful_timeout = 60
keepalive = 0
max_requests, max_requests_jitter = 5_000, 500
worker_tmp_dir = "/dev/shm"  # noqa: S108 (a heartbeat must not wait for a disk)
control_socket_disable = True

# The application writes one line for each request, without addresses and paths (ikz/request_log.py).
accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "ikz.request_log.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
