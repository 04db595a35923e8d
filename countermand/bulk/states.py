"""The life of a run of many cancellations, and of one order in it. Pure.

A run is chosen (`draft`), shown (`judged`), carried out (`running`) and over (`done`, or `stopped` by a person).
"""

RUN = ("draft", "judged", "running", "done", "stopped")
ROW = ("planned", "left_out", "running", "done", "refused", "stopped")

OVER = ("done", "stopped")
ENDED = ("left_out", "done", "refused", "stopped")  # rows that nothing more happens to
