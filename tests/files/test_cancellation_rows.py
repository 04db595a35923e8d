"""The order cancellation file, row by row."""

import gzip
import hashlib
import tracemalloc
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermand.files.cancellation_rows import RESULT_COLUMNS, CancelRow, open_cancellations, result_row
from countermand.files.opening import UnreadableFile
from countermand.files.row_identity import SeenRows, fingerprint
from countermand.files.row_results import RowRefused
from countermand.files.writing import write_csv

HEADER = "channel,order,line,sku,quantity,reason,message,refund,shipping,restock,notify,reference"


def read(tmp_path: Path, text: str, channel: str = "") -> list[CancelRow | RowRefused]:
    path = tmp_path / "cancel.csv"
    path.write_text(text)
    return list(open_cancellations(path=path, channel=channel))


def test_a_full_row_is_read_as_it_is_meant(tmp_path: Path) -> None:
    [row] = read(tmp_path, f"{HEADER}\nboutique,1001,1,MUG,2,out_of_stock,Désolé,now,none,no,yes,R-1\n")
    assert isinstance(row, CancelRow)
    assert (row.row_number, row.identity, row.channel, row.order, row.line, row.sku) == (
        2, "R-1", "boutique", "1001", "1", "MUG",
    )  # fmt: skip
    assert (row.quantity, row.reason, row.message) == (2, "out_of_stock", "Désolé")
    assert (row.refund, row.shipping, row.restock, row.notify) == ("now", "none", False, True)


def test_two_columns_and_a_channel_for_the_file_are_enough_for_whole_orders(tmp_path: Path) -> None:
    text = "order;reason\n1001;supplier\n"
    [row] = read(tmp_path, text, channel="boutique")
    assert isinstance(row, CancelRow)
    assert (row.channel, row.line, row.sku, row.quantity) == ("boutique", "", "", None)
    assert (row.refund, row.shipping, row.restock, row.notify) == (None, None, None, None)
    assert row.identity == f"{hashlib.sha256(text.encode()).hexdigest()}:2"


def test_the_same_file_packed_has_the_same_identities(tmp_path: Path) -> None:
    text = b"channel,order,reason\nx,1001,supplier\nx,1002,supplier\n"
    (tmp_path / "a.csv").write_bytes(text)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(text))
    plain, packed = (
        [row.identity for row in open_cancellations(path=tmp_path / name) if isinstance(row, CancelRow)]
        for name in ("a.csv", "a.csv.gz")
    )
    assert plain == packed
    assert len(set(plain)) == 2


@pytest.mark.parametrize(
    ("cells", "code", "field"),
    [
        ({"quantity": "0"}, "quantity_too_small", "quantity"),
        ({"quantity": "-1"}, "quantity_too_small", "quantity"),
        ({"quantity": "1.0"}, "invalid_quantity", "quantity"),
        ({"quantity": "²"}, "invalid_quantity", "quantity"),
        ({"quantity": "٣"}, "invalid_quantity", "quantity"),
        ({"quantity": "1e3"}, "invalid_quantity", "quantity"),
        ({"quantity": "+1"}, "invalid_quantity", "quantity"),
        ({"quantity": "1_0"}, "invalid_quantity", "quantity"),
        ({"quantity": "9" * 5000}, "quantity_too_large", "quantity"),
        ({"quantity": "1000001"}, "quantity_too_large", "quantity"),
        ({"line": "", "sku": "", "quantity": "2"}, "line_required", "line"),
        ({"channel": ""}, "channel_required", "channel"),
        ({"order": " "}, "order_required", "order"),
        ({"reason": ""}, "reason_required", "reason"),
        ({"refund": "soon"}, "invalid_value", "refund"),
        ({"refund": "NOW"}, "invalid_value", "refund"),
        ({"shipping": "some"}, "invalid_value", "shipping"),
        ({"restock": "true"}, "invalid_value", "restock"),
        ({"notify": "1"}, "invalid_value", "notify"),
        ({"order": "1" * 65}, "text_too_long", "order"),
        ({"sku": "M" * 65}, "text_too_long", "sku"),
        ({"reference": "r" * 256}, "text_too_long", "reference"),
        ({"message": "m" * 5001}, "message_too_long", "message"),
        ({"order": "10\n01"}, "invalid_value", "order"),
    ],
)
def test_what_is_not_plainly_meant_is_refused_with_its_column(
    tmp_path: Path, cells: dict[str, str], code: str, field: str
) -> None:
    good = {"channel": "x", "order": "1001", "line": "1", "sku": "MUG", "quantity": "1", "reason": "supplier"}
    path = tmp_path / "cancel.csv"
    write_csv(path=path, columns=HEADER.split(","), rows=[good | cells, good])
    refused, accepted = open_cancellations(path=path)
    assert isinstance(refused, RowRefused)
    assert (refused.row_number, refused.code, refused.field) == (2, code, field)
    assert isinstance(accepted, CancelRow)


def test_the_limits_themselves_are_allowed(tmp_path: Path) -> None:
    [row] = read(tmp_path, f"{HEADER}\nx,{'1' * 64},,M,1000000,budget,{'m' * 5000},,,,,{'r' * 255}\n")
    assert isinstance(row, CancelRow) and row.quantity == 1_000_000


def test_a_reference_twice_in_a_file_is_refused_and_names_the_first(tmp_path: Path) -> None:
    text = "channel,order,reason,reference\nx,1,budget,A\nx,2,budget,B\nx,3,budget, A\n"
    *_, third = read(tmp_path, text)
    assert isinstance(third, RowRefused)
    assert (third.row_number, third.code) == (4, "duplicate_row")
    assert third.detail == "row 2 has the same reference"


def test_a_reference_may_stand_once_for_each_channel(tmp_path: Path) -> None:
    text = "channel,order,reason,reference\nx,1,budget,A\ny,1,budget,A\n,1,budget,A\n"
    one, other, third = read(tmp_path, text, channel="x")
    assert isinstance(one, CancelRow) and isinstance(other, CancelRow)
    assert isinstance(third, RowRefused) and third.detail == "row 2 has the same reference"


def test_a_channel_that_is_named_or_given_for_the_file_is_the_same_channel(tmp_path: Path) -> None:
    text = "channel,order,line,quantity,reason\nx,1,1,1,budget\n,1,1,1,budget\ny,1,1,1,budget\n"
    one, twin, other = read(tmp_path, text, channel="x")
    assert isinstance(one, CancelRow) and isinstance(other, CancelRow)
    assert isinstance(twin, RowRefused) and twin.code == "duplicate_row"


def test_rows_without_reference_are_twins_when_every_column_is_the_same(tmp_path: Path) -> None:
    head = "channel,order,line,quantity,reason\n"
    first, second, other = read(tmp_path, f"{head}x,1,1,1,budget\nx,1,1,1,budget\nx,1,1,2,budget\n")
    assert isinstance(first, CancelRow) and isinstance(other, CancelRow)
    assert isinstance(second, RowRefused) and second.code == "duplicate_row"
    assert second.detail == "row 2 is the same in every column and neither has a reference"


def test_the_same_row_under_two_references_is_meant_twice(tmp_path: Path) -> None:
    rows = read(
        tmp_path, "channel,order,line,quantity,reason,reference\nx,1,1,1,budget,A\nx,1,1,1,budget,B\n"
    )
    assert all(isinstance(row, CancelRow) for row in rows)


def test_a_refused_row_does_not_stand_in_the_way_of_its_correction(tmp_path: Path) -> None:
    bad, good = read(
        tmp_path, "channel,order,line,quantity,reason,reference\nx,1,1,0,budget,A\nx,1,1,1,budget,A\n"
    )
    assert isinstance(bad, RowRefused) and bad.code == "quantity_too_small"
    assert isinstance(good, CancelRow)


def test_a_row_too_short_is_refused_and_the_next_one_read(tmp_path: Path) -> None:
    short, good = read(tmp_path, "channel,order,reason\nx,1\nx,2,budget\n")
    assert isinstance(short, RowRefused) and (short.code, short.raw["order"]) == ("row_too_short", "1")
    assert isinstance(good, CancelRow)


def test_a_result_file_is_not_taken_for_a_cancellation_file(tmp_path: Path) -> None:
    with pytest.raises(
        UnreadableFile, match="unknown column: state, code, detail, cancellation, amount, currency"
    ):
        read(tmp_path, ",".join(RESULT_COLUMNS) + "\n")


def test_a_result_row_is_the_row_as_sent_and_what_became_of_it(tmp_path: Path) -> None:
    [row] = read(tmp_path, "order,reason,message\n1001,supplier,'=cmd\n", channel="x")
    assert isinstance(row, CancelRow) and row.message == "=cmd"
    done = result_row(
        raw=row.raw, state="done", cancellation="can_1", amount=Decimal("21.26"), currency="EUR"
    )
    out = tmp_path / "result.csv"
    write_csv(path=out, columns=RESULT_COLUMNS, rows=[done])
    assert out.read_text().splitlines()[1] == ",1001,,,,supplier,'=cmd,,,,,,done,,,can_1,21.26,EUR"


@given(st.lists(st.integers(0, 400), max_size=2000))
def test_where_a_row_was_first_seen_is_remembered(numbers: list[int]) -> None:
    seen, first = SeenRows(), dict[int, int]()
    for row_number, number in enumerate(numbers, start=2):
        found = seen.first(fingerprint=fingerprint(parts=[str(number)]), row_number=row_number)
        assert found == first.get(number)
        first.setdefault(number, row_number)
    assert len(seen) == len(first)


def test_the_parts_of_a_fingerprint_are_kept_apart() -> None:
    assert fingerprint(parts=["ab", "c"]) != fingerprint(parts=["a", "bc"])


def test_a_long_file_costs_no_more_than_its_fingerprints(tmp_path: Path) -> None:
    path = tmp_path / "long.csv.gz"
    with gzip.open(path, "wt", compresslevel=1) as out:
        out.write("channel,order,reason,message\n")
        out.writelines(f"x,{number},budget,{'m' * 2000}\n" for number in range(4_000))
    tracemalloc.start()
    count = sum(1 for _ in open_cancellations(path=path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 4_000
    assert peak < 3_000_000  # the file is 8 MB


def test_the_files_channel_stands_in_where_a_row_names_none(tmp_path: Path) -> None:
    rows = read(tmp_path, "channel,order,reason\nboutique,1,supplier\n,2,supplier\n", channel="zzz")

    assert [row.channel for row in rows] == ["boutique", "zzz"]  # type: ignore[union-attr]
