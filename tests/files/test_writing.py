"""Result files and exports: safe in a spreadsheet, whole or absent, and read back as they were."""

import csv
import gzip
import os
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermand.files.guarding import guarded, unguarded
from countermand.files.reading import open_table
from countermand.files.writing import csv_file, csv_lines, write_csv


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_a_spreadsheet_would_run_is_guarded(start: str) -> None:
    assert guarded(text=f"{start}SUM(A1)") == f"'{start}SUM(A1)"


def test_an_ordinary_text_is_left_alone() -> None:
    for text in ("", "MUG-BLEU", "'s Heeren", "1-2", " =1", "12.30"):
        assert guarded(text=text) == text == unguarded(text=text)


@given(st.text(alphabet="'=+-@\t\r a1") | st.text())
def test_every_text_comes_back_as_it_was(text: str) -> None:
    assert unguarded(text=guarded(text=text)) == text
    assert guarded(text=text)[:1] not in tuple("=+-@\t\r")


def test_numbers_are_written_bare_and_texts_guarded(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    row = {"amount": Decimal("-12.30"), "units": -3, "note": "-12.30", "restock": True, "none": None}
    assert write_csv(path=out, columns=list(row), rows=[row]) == 1
    assert out.read_bytes() == b"amount,units,note,restock,none\r\n-12.30,-3,'-12.30,yes,\r\n"


def test_a_small_amount_is_not_written_with_an_exponent(tmp_path: Path) -> None:
    write_csv(path=tmp_path / "out.csv", columns=["a"], rows=[{"a": Decimal("0.0000001")}])
    assert (tmp_path / "out.csv").read_text() == "a\n0.0000001\n"


@given(
    st.lists(
        st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20),
        min_size=2,
        max_size=2,
    ).filter(any)
)
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> None:
    out = tmp_path_factory.mktemp("round") / "out.csv"
    write_csv(path=out, columns=["a", "b"], rows=[{"a": cells[0], "b": cells[1]}])
    assert [list(row.cells.values()) for row in open_table(path=out)] == [cells]


def test_a_gz_holds_the_same_and_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("a.csv.gz", "b.csv.gz"):
        write_csv(path=tmp_path / name, columns=["title"], rows=[{"title": "été"}], mark=True)
    assert gzip.decompress((tmp_path / "a.csv.gz").read_bytes()) == "\ufefftitle\r\nété\r\n".encode()
    assert (tmp_path / "a.csv.gz").read_bytes() == (tmp_path / "b.csv.gz").read_bytes()


@pytest.mark.parametrize("name", ["out.csv", "out.csv.gz"])
def test_a_result_that_breaks_off_leaves_what_was_there(tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    out.write_bytes(b"the last whole result")
    with pytest.raises(RuntimeError), csv_file(path=out, columns=["a"]) as write_row:
        write_row({"a": "1"})
        raise RuntimeError
    assert out.read_bytes() == b"the last whole result"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_column_that_was_not_announced_is_a_mistake_of_ours(tmp_path: Path) -> None:
    with pytest.raises(KeyError), csv_file(path=tmp_path / "out.csv", columns=["a"]) as write_row:
        write_row({"b": "1"})


def test_a_download_is_made_while_it_is_sent() -> None:
    lines = csv_lines(columns=["sku", "price"], rows=iter([{"sku": "@A", "price": Decimal("1.50")}]))
    assert list(lines) == ["sku,price\r\n", "'@A,1.50\r\n"]
    assert next(csv_lines(columns=["a"], rows=[], mark=True)) == "\ufeffa\r\n"


def test_the_file_is_plain_csv(tmp_path: Path) -> None:
    write_csv(path=tmp_path / "out.csv", columns=["a", "b"], rows=[{"a": 'say "hi"', "b": "x;y,z"}])
    with (tmp_path / "out.csv").open(newline="") as stream:
        assert list(csv.reader(stream)) == [["a", "b"], ['say "hi"', "x;y,z"]]


def test_a_link_stays_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    for target in (tmp_path / "there" / "old.csv", tmp_path / "there" / "new.csv"):
        if target.name == "old.csv":
            target.write_text("old")
        link = tmp_path / f"link-{target.name}"
        link.symlink_to(target)
        write_csv(path=link, columns=["a"], rows=[{"a": "1"}])
        assert link.is_symlink() and target.read_text() == "a\n1\n"


@pytest.mark.parametrize("name", ["pipe", "pipe.gz"])
def test_a_pipe_is_written_into_and_stays_a_pipe(tmp_path: Path, name: str) -> None:
    pipe = tmp_path / name
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_csv(path=pipe, columns=["a"], rows=[{"a": "1"}])
        got = os.read(reader, 1000)
    finally:
        os.close(reader)
    assert (gzip.decompress(got) if name.endswith("gz") else got) == b"a\r\n1\r\n"
    assert pipe.is_fifo() and [path.name for path in tmp_path.iterdir()] == [name]


def test_what_killed_runs_left_is_removed_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    dead = [tmp_path / ".out.csv.abc_123.part", tmp_path / ".out.csv.zzz.part"]
    others = [
        tmp_path / ".out.csv.result.csv.abc.part",
        tmp_path / ".another.csv.abc.part",
        tmp_path / "x.part",
    ]
    for path in (*dead, *others):
        path.write_text("half")
    out = tmp_path / "out.csv"
    with csv_file(path=out, columns=["a"]) as write_row:
        write_row({"a": "slow"})
        write_csv(path=out, columns=["a"], rows=[{"a": "fast"}])
        assert out.read_text() == "a\nfast\n"
    assert out.read_text() == "a\nslow\n"
    assert {path.name for path in tmp_path.iterdir()} == {"out.csv", *(path.name for path in others)}
