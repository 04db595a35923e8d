"""The code of a voucher: short enough to be read over the phone, long enough not to be guessed. Pure."""

import secrets

# Without the letters and figures that are taken for one another: 0 O, 1 I L.
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
START = "BA"
BLOCKS = 2
BLOCK_LENGTH = 4
UNKNOWN = "-".join([START, *["····"] * BLOCKS])  # what a preview shows, before there is one


def new_code() -> str:
    """This will make a code: "BA-7K3Q-9FXW"."""
    blocks = ["".join(secrets.choice(LETTERS) for _ in range(BLOCK_LENGTH)) for _ in range(BLOCKS)]
    return "-".join([START, *blocks])


def as_written(typed: str) -> str:
    """This will write a code as it is kept, however it was typed: "ba 7k3q9fxw" is "BA-7K3Q-9FXW"."""
    plain = "".join(c for c in typed.upper() if c.isascii() and c.isalnum())
    if not plain.startswith(START):
        plain = START + plain
    rest = plain[len(START) :]
    return "-".join([START, *(rest[i : i + BLOCK_LENGTH] for i in range(0, len(rest), BLOCK_LENGTH))])[:64]
