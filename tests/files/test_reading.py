"""Files as people send them: what is read, what is refused, and that a refusal says where."""

import gzip
import hashlib
import os
from pathlib import Path

import pytest

from countermand.files.opening import UnreadableFile
from countermand.files.reading import BrokenRow, Row, open_table


def sent(tmp_path: Path, content: str | bytes, name: str = "file.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows(path: Path) -> list[Row | BrokenRow]:
    return list(open_table(path=path))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_delimiter_is_found_from_the_header(tmp_path: Path, delimiter: str, mark: str, end: str) -> None:
    path = sent(tmp_path, mark + end.join(delimiter.join(row) for row in (["order", "sku"], ["1001", "BOL"])))
    assert rows(path) == [Row(2, {"order": "1001", "sku": "BOL"})]


def test_a_comma_inside_a_quoted_column_name_is_no_delimiter(tmp_path: Path) -> None:
    assert open_table(path=sent(tmp_path, '"a,b,c";sku\n1;2\n')).header == ("a,b,c", "sku")


def test_one_column_needs_no_delimiter(tmp_path: Path) -> None:
    assert rows(sent(tmp_path, "order\n1001\n")) == [Row(2, {"order": "1001"})]


def test_header_names_are_read_in_any_case_and_without_blanks(tmp_path: Path) -> None:
    assert open_table(path=sent(tmp_path, " Order ,SKU\n")).header == ("order", "sku")


def test_a_gz_is_read_by_what_it_is_and_has_the_hash_of_what_it_holds(tmp_path: Path) -> None:
    text = b"order\n1001\n"
    packed = open_table(path=sent(tmp_path, gzip.compress(text), "packed.csv"))
    assert [row.row_number for row in packed] == [2]
    assert packed.sha256 == hashlib.sha256(text).hexdigest() == open_table(path=sent(tmp_path, text)).sha256


def test_rows_are_counted_as_a_spreadsheet_does(tmp_path: Path) -> None:
    # Row 2 holds a line end in its cell, row 3 is blank: the third order stands in row 4.
    table = open_table(path=sent(tmp_path, 'order,message\n1,"two\nlines"\n\n2,\n'))
    assert [(row.row_number, row.cells["message"]) for row in table] == [(2, "two\nlines"), (4, "")]
    assert table.row_count == 2


def test_the_guard_against_formulas_comes_off(tmp_path: Path) -> None:
    path = sent(tmp_path, "a,b,c,d\n'=1+1,'quoted',''-x,+33 6\n")
    assert rows(path)[0].cells == {"a": "=1+1", "b": "'quoted'", "c": "'-x", "d": "+33 6"}


def test_a_row_shorter_or_longer_than_the_header_is_refused_alone(tmp_path: Path) -> None:
    short, long, good = rows(sent(tmp_path, "order,sku\n1\n2,BOL,3\n4,BOL\n"))
    assert isinstance(short, BrokenRow) and (short.row_number, short.code) == (2, "row_too_short")
    assert isinstance(long, BrokenRow) and (long.row_number, long.code) == (3, "row_too_long")
    assert long.detail == "3 cells where the header names 2"
    assert good == Row(4, {"order": "4", "sku": "BOL"})


def test_quotation_marks_that_do_not_pair_up_refuse_their_row_alone(tmp_path: Path) -> None:
    broken, good = rows(sent(tmp_path, 'order,sku\n1,"5" pipe"\n2,BOL\n'))
    assert isinstance(broken, BrokenRow) and (broken.row_number, broken.code) == (2, "row_broken")
    assert good == Row(3, {"order": "2", "sku": "BOL"})


def test_a_cell_longer_than_a_sheet_holds_is_refused_and_cut(tmp_path: Path) -> None:
    at_limit, above = rows(sent(tmp_path, f"order,sku\n{'x' * 32_767},1\n{'x' * 32_768},2\n"))
    assert isinstance(at_limit, Row)
    assert isinstance(above, BrokenRow) and above.code == "text_too_long"
    assert len(above.cells["order"]) == 32_767


@pytest.mark.parametrize(
    ("content", "code", "row_number"),
    [
        (b"", "file_empty", None),
        (gzip.compress(b"", mtime=0), "file_empty", None),
        (b"\n\n", "no_header", 1),
        (b",,\n1,2,3\n", "no_header", 1),
        (b"order,,sku\n", "no_header", 1),
        (b'"order\n1\n', "no_header", 1),
        (b"order,sku,Order\n", "duplicate_column", 1),
        (b"order,sku\r1,2\r3,4\r", "line_ends", 1),
        ("order\nété\n".encode("latin-1"), "wrong_encoding", 2),
        ("order\n1\n2\né\n".encode("cp1252"), "wrong_encoding", 4),
        ("order\n1\n".encode("utf-16"), "wrong_encoding", 1),
        ("order\n1\n".encode("utf-16-le"), "wrong_encoding", 1),
        (b"order\n\xed\xa0\x80\n", "wrong_encoding", 2),
        (b"order\n1\x002\n", "wrong_encoding", 2),
        (b"PK\x03\x04 a workbook", "not_a_text_file", None),
        (gzip.compress(b"order\n" + b"1\n" * 9999, mtime=0)[:-12], "broken_archive", None),
        (b"\x1f\x8b\x08\x00 no gzip at all", "broken_archive", None),
        (b'order,sku\n1,2\n3,"4\n5,6\n', "quote_not_closed", 3),
        (b'order,sku\n1,2\n3,"4\n5,6\n7,"8"\n', "quote_not_closed", 3),
        (b'order,sku\n1,"' + b"x\n" * 99_999, "quote_not_closed", 2),
    ],
)
def test_what_is_wrong_with_the_file_as_a_whole_is_said_before_its_first_row(
    tmp_path: Path, content: bytes, code: str, row_number: int | None
) -> None:
    with pytest.raises(UnreadableFile) as refused:
        open_table(path=sent(tmp_path, content))
    assert (refused.value.code, refused.value.row_number) == (code, row_number)


@pytest.mark.parametrize(
    "cell", [b"m" * 131_073, b"m" * 9_000_000, b'"' + b"m" * 200_000 + b'"', b'"' + b"m\n" * 100_000 + b'"']
)
def test_a_cell_of_any_length_is_the_trouble_of_its_row_alone(tmp_path: Path, cell: bytes) -> None:
    long, good = open_table(path=sent(tmp_path, b"order,message\n1," + cell + b"\n2,x\n"))
    assert isinstance(long, BrokenRow)
    assert (long.row_number, long.code, long.cells["order"]) == (2, "text_too_long", "1")
    assert long.detail == "message is longer than a cell may be"
    assert isinstance(good, Row) and good.cells == {"order": "2", "message": "x"}


def test_a_cell_longer_than_any_line_may_be_is_named_with_its_row_and_how_long_it_is(tmp_path: Path) -> None:
    content = b'order,message\n1,x\n2,"' + b"m" * 1_000_000 + b"\n" + (b"m" * 1_000_000 + b"\n") * 10
    with pytest.raises(UnreadableFile) as refused:
        open_table(path=sent(tmp_path, content))
    assert (refused.value.code, refused.value.row_number) == ("quote_not_closed", 3)
    assert refused.value.detail == (
        "a quotation mark opened in row 3 is not closed within 10485760 characters"
    )


def test_broken_bytes_are_named_with_their_place(tmp_path: Path) -> None:
    with pytest.raises(
        UnreadableFile, match=r"line 2 is not UTF-8 \(byte 0xE9 at place 4\), perhaps Latin-1"
    ):
        open_table(path=sent(tmp_path, b"order\ncaf\xe9\n"))


@pytest.mark.parametrize(
    ("name", "code", "detail"),
    [
        ("none.csv", "file_missing", "there is no such file"),
        ("file/none.csv", "file_unreadable", "it cannot be read: Not a directory"),
        ("folder", "file_is_folder", "it is a folder: name a file in it"),
        ("pipe", "file_not_seekable", "a pipe cannot be read twice: save it as a file first"),
        ("-", "file_not_seekable", "a pipe cannot be read twice: save it as a file first"),
        ("/dev/zero", "file_not_seekable", "a device cannot be read twice: save it as a file first"),
    ],
)
def test_what_is_no_file_is_said_for_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: str, detail: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("file").write_text("order\n")
    os.mkfifo("pipe")
    with pytest.raises(UnreadableFile) as refused:
        open_table(path=Path(name))
    assert (refused.value.code, refused.value.detail) == (code, detail)


def test_a_file_that_is_called_as_the_pipe_is_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert open_table(path=sent(tmp_path, b"order\n1\n", "-")).row_count == 1
    assert open_table(path=Path("-")).row_count == 1


def test_a_file_that_unpacks_to_more_than_allowed_is_refused(tmp_path: Path) -> None:
    path = sent(tmp_path, gzip.compress(b"order\n" + b"1\n" * 500), "bomb.csv.gz")
    assert open_table(path=path, max_bytes=1006).row_count == 500
    with pytest.raises(UnreadableFile) as refused:
        open_table(path=path, max_bytes=1005)
    assert (refused.value.code, refused.value.row_number) == ("file_too_large", 501)


def test_a_line_without_end_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = sent(tmp_path, gzip.compress(b"order\n" + b"1" * (10 * 1024**2 + 1)), "long.csv.gz")
    with pytest.raises(UnreadableFile) as refused:
        open_table(path=path)
    assert (refused.value.code, refused.value.row_number) == ("line_too_long", 2)


def test_unknown_and_missing_columns_are_named(tmp_path: Path) -> None:
    table = open_table(path=sent(tmp_path, "order,colour\n"))
    with pytest.raises(UnreadableFile, match="unknown column: colour"):
        table.expect(known=("order", "sku"))
    with pytest.raises(UnreadableFile, match="missing column: sku"):
        table.expect(known=("order", "colour"), needed=("order", "sku"))
