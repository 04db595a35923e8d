"""Who looks across merchants in the marketplace's room: `scope` alone asks; others only write what they were handed."""

import re
from pathlib import Path

ROOM = Path(__file__).resolve().parents[2] / "countermand" / "marketplace"
# file -> what may stand behind `across_merchants` in it, and why
WRITES = {
    "actions.py": {"create"},
    "judging.py": {"create", "bulk_update", "filter"},  # alerts of the seats that `scope` just claimed
    "baskets.py": {"filter"},  # the shares of one payment of the marketplace's own house
}


def test_only_the_scope_asks_across_merchants() -> None:
    found = {}
    for path in sorted(ROOM.glob("*.py")):
        if path.name != "scope.py":
            used = set(re.findall(r"across_merchants\.(\w+)", path.read_text()))
            if used - WRITES.get(path.name, set()):
                found[path.name] = used
    assert found == {}


def test_raw_statements_of_the_room_name_the_marketplace() -> None:
    for path in sorted(ROOM.glob("*.py")):
        for text in re.findall(r'^\w+ = f?"""(.*?)"""', path.read_text(), flags=re.S | re.M):
            if "FROM" in text and "jsonb_to_recordset" not in text:
                assert "SEATED" in text or "marketplace_id" in text, path.name
