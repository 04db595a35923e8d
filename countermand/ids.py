"""Identities made by us, so that a whole cancellation can be written in one statement."""

import os
import time
from uuid import UUID

NONE = UUID(int=0)  # the identity of what was only tried


def new() -> UUID:
    """This will make an identity that sorts by time (UUID version 7, RFC 9562) and cannot be guessed.

    Made here rather than in the database: PostgreSQL 15 has no uuidv7(), and knowing the id
    before the insert lets one statement write a cancellation with all its rows.
    """
    stamp = time.time_ns() // 1_000_000
    noise = int.from_bytes(os.urandom(10), "big")
    value = (
        (stamp << 80) | (0x7 << 76) | ((noise >> 64 & 0xFFF) << 64) | (0b10 << 62) | (noise & ((1 << 62) - 1))
    )
    return UUID(int=value)
