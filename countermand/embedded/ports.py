"""Free ports on the loopback."""

import random
import socket

# Below the range from which systems take the ports of outgoing connections: after a restart of the
# server its port is not another connection's by chance.
LOWEST, HIGHEST = 20000, 32000


def choose() -> int:
    """This will choose a free port."""
    while True:
        port = random.randint(LOWEST, HIGHEST)  # noqa: S311 - no secret
        if is_free(port=port):
            return port


def is_free(*, port: int) -> bool:
    """This will tell whether a server could listen on the port; 0 is no port."""
    if not port:
        return False
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
