"""What holds for every template and stylesheet: no inline script or style, tokens only, small files, small bundle."""

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "countermand"
TEMPLATES = sorted(path for path in PACKAGE.rglob("*.html") if "templates" in path.parts)
STYLES = sorted((PACKAGE / "web" / "static" / "web" / "css").glob("*.css"))
OURS = [*TEMPLATES, *STYLES, *sorted((PACKAGE / "web" / "static").rglob("*.js"))]


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize(
    "path", [p for p in TEMPLATES if "email" not in p.parts and "mail" not in p.stem], ids=_name
)
def test_a_template_obeys_the_content_policy(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<script(?![^>]*\b(src|type=\"application/json\"))", text), "inline script"
    assert not re.search(r"\sstyle=|<style", text), "inline style"
    assert not re.search(r"\son[a-z]+=[\"']", text), "inline handler"


@pytest.mark.parametrize("path", OURS, ids=_name)
def test_a_file_stays_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) < 300


@pytest.mark.parametrize(
    "path", [p for p in STYLES if p.stem not in ("tokens", "dark", "print", "entrance")], ids=_name
)
def test_colours_are_tokens(path: Path) -> None:
    without_comments = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    assert not re.findall(r"#[0-9a-f]{3,8}\b(?![^{]*\{)|rgb\(|hsl\(", without_comments)


@pytest.mark.parametrize("path", STYLES, ids=_name)
def test_every_token_that_is_named_exists(path: Path) -> None:
    known = set(re.findall(r"(--[a-z0-9-]+):", "".join(p.read_text() for p in STYLES)))
    assert set(re.findall(r"var\((--[a-z0-9-]+)", path.read_text())) <= known
