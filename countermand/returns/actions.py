"""The verbs of this room: doors call these and nothing deeper."""

from countermand.returns.asking import ask_return, note_proof, withdraw_return
from countermand.returns.intercepts import Home, answer_intercept, ask_intercept, parcel_home
from countermand.returns.looking import Received
from countermand.returns.receiving import inspect_return, lose_return, receive_return
from countermand.returns.together import Both, BothSeen, cancel_and_return, preview_both
from countermand.returns.wishes import Arrived, Coming, Verdict

__all__ = [
    "Arrived",
    "Both",
    "BothSeen",
    "Coming",
    "Home",
    "Received",
    "Verdict",
    "answer_intercept",
    "ask_intercept",
    "ask_return",
    "cancel_and_return",
    "inspect_return",
    "lose_return",
    "note_proof",
    "parcel_home",
    "preview_both",
    "receive_return",
    "withdraw_return",
]
