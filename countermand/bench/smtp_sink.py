"""A mail server that takes everything and keeps nothing: the far end of a bench. Prints its port, ends with its stdin."""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Iterator

ANSWERS = {
    b"EHLO": b"250-sink\r\n250 PIPELINING",
    b"HELO": b"250 sink",
    b"DATA": b"354 go on",
    b"QUIT": b"221 bye",
}


@contextlib.contextmanager
def sink() -> Iterator[int]:
    """This will run one in a process of its own and give its port."""
    command = [sys.executable, "-m", "countermand.bench.smtp_sink"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 sink\r\n")
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        while line := await reader.readline():
            word = line[:4].upper()
            writer.write(ANSWERS.get(word, b"250 ok") + b"\r\n")
            if word == b"DATA":
                await writer.drain()
                await reader.readuntil(b"\r\n.\r\n")
                writer.write(b"250 taken\r\n")
            if word == b"QUIT":
                break
            await writer.drain()
    writer.close()


async def _serve() -> None:
    server = await asyncio.start_server(_talk, "127.0.0.1", 0, limit=1 << 20)
    async with server:
        sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve())
