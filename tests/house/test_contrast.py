"""Every pair of colours that carries words or a boundary meets WCAG 2.2 AA, in light and in dark."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "countermand" / "web" / "static" / "web" / "css"
TEXT, BOUNDARY = 4.5, 3.0
GROUNDS = ("paper", "surface", "sunken")
MEANINGS = ("attention", "danger", "done", "info")

# Words (4.5:1) on what they stand on.
WORDS = [
    *((text, ground) for text in ("ink", "ink-soft", "accent", "accent-strong") for ground in GROUNDS),
    *((meaning, ground) for meaning in MEANINGS for ground in (*GROUNDS, f"{meaning}-tint")),
    *(("ink", f"{meaning}-tint") for meaning in (*MEANINGS, "accent")),
    ("ink-soft", "accent-tint"),
    ("accent", "accent-tint"),
    ("accent-strong", "accent-tint"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-danger", "danger-solid"),
    ("on-danger", "danger-solid-strong"),
    ("paper", "ink"),
]
# Lines that one must see to know what a thing is (3:1): borders of fields, marks, the bars of a chart.
LINES = [
    *(("line-strong", ground) for ground in GROUNDS),
    *((f"{meaning}-line", ground) for meaning in (*MEANINGS, "accent") for ground in ("paper", "surface")),
    *((f"{meaning}-line", f"{meaning}-tint") for meaning in MEANINGS),
    *(("accent", ground) for ground in GROUNDS),
    ("accent", "accent-tint"),
]


def _tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})\b", block))


def _blocks() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    light = _tokens((CSS / "tokens.css").read_text())
    by_machine, by_choice = (CSS / "dark.css").read_text().split(':root[data-theme="dark"]')
    return light, _tokens(by_machine), _tokens(by_choice)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground"), WORDS)
def test_words_can_be_read(theme: str, front: str, ground: str) -> None:
    tokens = _blocks()[theme == "dark"]
    assert contrast(tokens[front], tokens[ground]) >= TEXT


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground"), LINES)
def test_lines_can_be_seen(theme: str, front: str, ground: str) -> None:
    tokens = _blocks()[theme == "dark"]
    assert contrast(tokens[front], tokens[ground]) >= BOUNDARY


def test_contrast_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_dark_is_the_same_by_machine_and_by_choice() -> None:
    light, by_machine, by_choice = _blocks()
    assert by_machine == by_choice
    assert set(by_machine) == set(light)
