"""Bodies about places of sale."""

from typing import Annotated, Any

from pydantic import Field

from countermand.api.schemas.kinds import Body, Short, upto


class ChannelBody(Body):
    """A place of sale with its terms; `overrides` replace values of the preset."""

    code: Annotated[str, upto(64, least=1)]
    name: Annotated[str, upto(200, least=1)]
    terms: Annotated[str, upto(32, least=1)] = Field(examples=["own_shop"])
    timezone: Annotated[str, upto(64)] = "Europe/Paris"
    mode: Annotated[str, upto(8)] = "live"
    overrides: dict[str, Any] = Field(default_factory=dict)


class ChannelChanges(Body):
    """What may change of a place of sale; what is left out stays. `overrides` replaces all of them."""

    name: Short | None = None
    terms: Annotated[str, upto(32)] | None = None
    timezone: Annotated[str, upto(64)] | None = None
    mode: Annotated[str, upto(8)] | None = None
    overrides: dict[str, Any] | None = None
