"""The throw-away server's command line."""

import sys
from pathlib import Path

from countermand.embedded.refusals import EmbeddedError
from countermand.embedded.temporary import run_command

if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("usage: python -m countermand.embedded FOLDER COMMAND…")
    try:
        sys.exit(run_command(under=Path(sys.argv[1]), command=sys.argv[2:]))
    except EmbeddedError as refused:
        sys.exit(str(refused))
