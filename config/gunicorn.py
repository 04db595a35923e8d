"""gunicorn's settings, for `countermand up` (which hands over its listening socket) and `countermand web`."""

import os
from typing import Any

from config import web_worker
from countermand.embedded.parent import die_with_it

wsgi_app = "config.wsgi:application"
bind = os.environ.get("COUNTERMAND_BIND", "127.0.0.1:8000")
worker_class = "config.web_worker.Worker"
workers = int(os.environ.get("COUNTERMAND_WEB_PROCESSES", "2"))
# More at once only wait for each other: with 4, Python and PostgreSQL each worked a sixth more for a cancel.
threads = int(os.environ.get("COUNTERMAND_WEB_THREADS", "3"))
limit_request_line = 8190  # the most that gunicorn offers: a search of some thousand characters is one
# Above the usual 60 s of proxies: the proxy closes idle connections, never we under its feet.
keepalive = 75
timeout = 60
graceful_timeout = 10
accesslog = None
loglevel = "warning"
# Read once and forked: a process that was killed is replaced at once, instead of after seconds of reading.
# Nothing is opened before the fork (tests/house/test_before_the_fork.py): a database connection shared by two
# processes is a broken one.
preload_app = True
control_socket_disable = True
proc_name = "countermand-web"


def post_fork(server: Any, worker: Any) -> None:
    """This will make a process stop when gunicorn's main process is killed: it would keep the port."""
    die_with_it(expected_parent=server.pid)


def child_exit(server: Any, worker: Any) -> None:
    """This will have a process that ended hold no connections."""
    web_worker.gone(worker)
