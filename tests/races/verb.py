"""What the races and the kills know of a verb."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from tests.races.scene import Scene


class Verb(NamedTuple):
    """`locks`: what it takes in the house's order; `inner`: verbs that it runs, with their places to die at."""

    run: Callable[[Scene], object]
    locks: str
    inner: tuple[str, ...] = ()


def here(scene: Scene) -> dict[str, object]:
    return {
        "merchant_id": scene.merchant_id,
        "order_id": scene.order_id,
        "by": "race",
        "at": datetime.now(UTC),
    }


def there(scene: Scene) -> dict[str, object]:
    return {"merchant_id": scene.merchant_id, "by": "race", "at": datetime.now(UTC)}
