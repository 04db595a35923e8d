"""Bodies of deciding about a sale."""

from countermand.api.schemas.kinds import Body
from countermand.api.schemas.work import UnitsList


class DecisionBody(Body):
    """Which units; without `lines` all that nobody has decided about."""

    lines: UnitsList | None = None
