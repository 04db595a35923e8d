"""The verbs of this room: doors call these and nothing deeper."""

from countermand.buyer_requests.deciding import approve_request, as_asked, decline_request
from countermand.buyer_requests.recording import make_official, record_request, withdraw_request
from countermand.buyer_requests.taking_back import take_back

__all__ = [
    "approve_request",
    "as_asked",
    "decline_request",
    "make_official",
    "record_request",
    "take_back",
    "withdraw_request",
]
