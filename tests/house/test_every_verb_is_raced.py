"""No verb without a place in the table of races and kills."""

import ast
from pathlib import Path

from tests.races.verbs import VERBS

ROOT = Path(__file__).resolve().parents[2]


def verbs() -> set[str]:
    """This will find every function that is a transaction of its own."""
    found = set()
    for path in (ROOT / "countermand").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and any(
                ast.unparse(decorator) in ("sql.verb", "verb") for decorator in node.decorator_list
            ):
                found.add(node.name.lstrip("_"))
    return found


def test_every_verb_is_raced_and_killed() -> None:
    raced = {inner for verb in VERBS.values() for inner in verb.inner}
    assert verbs() - raced == set()
    assert raced - verbs() == set()
