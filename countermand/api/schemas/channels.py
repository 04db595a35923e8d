"""Bodies about places of sale."""

from typing import Annotated, Any

from pydantic import Field

from countermand.api.schemas.kinds import Body, Short, said_as, upto
from countermand.channels.actions import MODES
from countermand.channels.models import PRESETS


class ChannelBody(Body):
    """A place of sale with its terms; `overrides` replace values of the preset."""

    code: Annotated[str, upto(64, least=1)]
    name: Annotated[str, upto(200, least=1)]
    terms: Annotated[str, upto(32, least=1), said_as(PRESETS)]
    timezone: Annotated[str, upto(64)] = "Europe/Paris"
    mode: Annotated[str, upto(8), said_as(MODES)] = "live"
    overrides: dict[str, Any] = Field(default_factory=dict)


class ChannelChanges(Body):
    """What may change of a place of sale; what is left out stays. `overrides` replaces all of them."""

    name: Short | None = None
    terms: Annotated[str, upto(32), said_as(PRESETS)] | None = None
    timezone: Annotated[str, upto(64)] | None = None
    mode: Annotated[str, upto(8), said_as(MODES)] | None = None
    overrides: dict[str, Any] | None = None
