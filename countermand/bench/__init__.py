"""Benchmarks: each measures work beside its limit in one run, on a throw-away database.

Times on a shared machine are worth little; ratios of one run are. No test fails on a clock:
these are for people who ask what a machine of theirs would carry.
"""

from importlib import import_module
from typing import Any

# Name → module:function(ground, scale) -> Report. The module is opened only when its bench runs,
# since its imports need Django set up.
BENCHES: dict[str, str] = {
    "plan": "countermand.bench.planning:run",
    "file": "countermand.bench.cancel_file:run",
    "import": "countermand.bench.import_file:run",
    "list": "countermand.bench.order_list:run",
    "dashboard": "countermand.bench.dashboard:run",
    "rates": "countermand.bench.rates:run",
    "order-page": "countermand.bench.order_page:run",
    "jobs": "countermand.bench.jobs:run",
    "start": "countermand.bench.start:run",
    # The last, since it needs a compiler: where there is none, the others have run.
    "cancel-api": "countermand.bench.cancel_api:run",
}


def open_bench(*, name: str) -> Any:
    """This will open one bench's function."""
    module, function = BENCHES[name].split(":")
    return getattr(import_module(module), function)
