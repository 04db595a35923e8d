"""Which statements a piece of work sends, raw ones and the ORM's: exact on any machine, unlike times."""

from collections.abc import Callable
from typing import Any

from django.db import connection

from countermand import sql


class counted:
    """Collects the beginnings of statements meanwhile. BEGIN, SET, COMMIT and savepoints ask nothing: they are not among them."""

    def __enter__(self) -> list[str]:
        self.texts: list[str] = []
        self._raw = sql.watched(self._add)
        self._orm = connection.execute_wrapper(self._of_orm)
        self._raw.__enter__()
        self._orm.__enter__()
        return self.texts

    def _add(self, text: str) -> None:
        if text.startswith("SET "):
            return
        self.texts.append(" ".join(text.split())[:40])

    def _of_orm(self, execute: Callable[..., Any], text: str, *rest: Any) -> Any:
        self._add(text)
        return execute(text, *rest)

    def __exit__(self, *details: Any) -> None:
        self._orm.__exit__(*details)
        self._raw.__exit__(*details)
