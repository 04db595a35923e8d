"""How the log is written: what happened, and nobody's name."""

import logging
import re

# PostgreSQL quotes the row or the value that it refused: an address, a name, a text of a buyer's.
_QUOTED = re.compile(r"^(\s*(?:\|\s*)?(?:DETAIL|CONTEXT):).*$", re.MULTILINE)


class Discreet(logging.Formatter):
    """Leaves out what a database error quotes."""

    def format(self, record: logging.LogRecord) -> str:
        """This will write one record, with its traceback where it has one."""
        return _QUOTED.sub(r"\1 (left out)", super().format(record))
