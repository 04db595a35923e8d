"""How long a refund waits before it is tried again. Pure; no chance in it, so that tests can say when."""

# So often in vain that a person should look; it goes on trying, ever more rarely, and never gives up.
STUBBORN_TRIES = 12
LEASE_SECONDS = 30
LONGEST_SECONDS = 60
LONGEST_STUBBORN_SECONDS = 3600
# A look-up that finds nothing proves nothing until what was sent before it has surely arrived.
ARRIVED_SECONDS = 10


def wait_seconds(tries: int) -> int:
    """This will say how long to wait after so many tries: 1, 2, 4 … 60 s, and up to an hour when stubborn."""
    if tries < STUBBORN_TRIES:
        return int(min(LONGEST_SECONDS, 2 ** max(0, tries - 1)))
    return int(min(LONGEST_STUBBORN_SECONDS, LONGEST_SECONDS * 2 ** min(tries - STUBBORN_TRIES, 6)))
