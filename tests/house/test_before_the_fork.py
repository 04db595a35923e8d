"""What the web's processes share was read, not opened: forked connections and threads are broken ones."""

import json
import subprocess
import sys

from tests.actions.working import ROOT

READS = """
import json, sys, threading
import config.wsgi
import psutil
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
print(json.dumps({
    "threads": threading.active_count(),
    "sockets": len(psutil.Process().net_connections()),
    "connections": [name for name in connections if connections[name].connection is not None],
    "pools": len(DatabaseWrapper._connection_pools),
    "pages": "countermand.web.views" in sys.modules and "countermand.api.routes.orders" in sys.modules,
}))
"""
# No server is there: whoever asked one would fail.
NOBODY = {
    "DATABASE_URL": "postgresql://countermand@127.0.0.1:1/none",
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "COUNTERMAND_SECRET_KEY": "only-for-tests",
}


def test_reading_the_code_opens_nothing_and_reads_all_of_it() -> None:
    said = subprocess.run(
        [sys.executable, "-c", READS], env=NOBODY, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr
    wanted = {"threads": 1, "sockets": 0, "connections": [], "pools": 0, "pages": True}
    assert json.loads(said.stdout) == wanted
