"""What a JSON object may be, at every door that reads one."""

from typing import Any


class NamedTwice(ValueError):
    """A name stands twice in an object: which of the two was meant is not ours to guess."""


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """This will make an object of its pairs, for `json.loads(object_pairs_hook=…)`. Raises `NamedTwice`."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NamedTwice("a name is given twice")
    return found
