"""gunicorn -c site/deploy/gunicorn.conf.py voucher_site.wsgi

Two synchronous workers per core served the catalogue page best when measured; threads and ASGI did not.
"""

import gc
import json
import multiprocessing
import os
import re

from gunicorn.glogging import Logger, SafeAtoms

bind = os.environ.get("BIND", "127.0.0.1:8000")
pythonpath = "site,."
workers = int(os.environ.get("WEB_CONCURRENCY", multiprocessing.cpu_count() * 2))
timeout = 60  # seconds; uploads are buffered by the proxy, so no honest request takes longer
graceful_timeout = 30
max_requests = 5_000
max_requests_jitter = 500
accesslog = "-"


class JsonAtoms(SafeAtoms):
    """The parts of a line as JSON strings. Paths come decoded: a line break in one would begin a line of its own."""

    def __init__(self, atoms):
        dict.__init__(self)
        for name, value in atoms.items():
            self[name] = json.dumps(value)[1:-1] if isinstance(value, str) else value
        # whoever has the key of a calendar reads it
        self["U"] = re.sub(r"^/calendar/.*", "/calendar/…", self.get("U", ""))


class JsonLogger(Logger):
    atoms_wrapper_class = JsonAtoms


logger_class = JsonLogger
access_log_format = (
    '{"at": "%(t)s", "client": "%({x-forwarded-for}i)s", "request": "%(m)s %(U)s", "status": %(s)s, '
    '"bytes": "%(B)s", "seconds": %(L)s}'
)
control_socket_disable = True
# Heartbeats go to memory: on a slow disk they stall workers that are fine.
worker_tmp_dir = "/dev/shm"  # noqa: S108


def post_worker_init(worker):
    """Keep the loaded application out of garbage collection: a full sweep costs a request 60 ms."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
