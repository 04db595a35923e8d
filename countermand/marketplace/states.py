"""The states of what an operator decides, as the database repeats them."""

# A row of `suspension` in one of these stands between the channel and its next suspension.
OPEN = ("proposed", "decided", "running")
# These hold back listings between their start and their end, whatever the worker has come to (RK-10).
HOLDING = ("decided", "running")
ALERTS = ("warn", "limit", "number")
ROLES = ("agent", "manager")
ANSWERS = ("", "upheld", "lifted")
