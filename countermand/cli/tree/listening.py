"""The web's listening socket, held by `up`: while web restarts, callers wait instead of being refused."""

import socket

import click

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
BACKLOG = 2048


def is_loopback(*, host: str) -> bool:
    """This will tell whether only this machine can reach the host's address."""
    return host in LOOPBACK or host.startswith("127.")


def listen(*, host: str, port: int) -> socket.socket:
    """This will open the listening socket; port 0 takes a free one.

    Raises: click.ClickException when the port is taken or not allowed.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as refused:
        raise click.ClickException(
            f"Cannot listen on {host} port {port} ({refused.strerror}): "
            "give another port with --port, or stop what uses it."
        ) from refused


def address(*, host: str, listener: socket.socket) -> str:
    """This will give the address to open in a browser on this machine."""
    port = listener.getsockname()[1]
    if host in {"0.0.0.0", ""}:  # noqa: S104 - named, not listened on
        host = "127.0.0.1"
    elif host == "::":
        host = "::1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
