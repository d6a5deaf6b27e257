"""Recorded files through the codec: whole, broken, in one piece or many."""

import gzip
import json
import random
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from undertow.backtest.recording import (
    LineReader,
    Recording,
    RecordingSpec,
    RecordingSummary,
    open_recordings,
)
from undertow.domain.errors import ConfigurationError, DataError, UnknownNameError
from undertow.domain.market_event import EventArray, EventKind

START_MS = 1_700_000_000_000
MS = 1_000_000
Write = Callable[..., Path]


def line(number: int, body: Any) -> bytes:
    """A line received half a second before the venue says it was sent: a slow clock."""
    text = body if isinstance(body, bytes) else json.dumps(body, separators=(",", ":")).encode()
    return b"%d %s" % ((START_MS + number) * MS - 500 * MS, text)


def spot_lines(count: int = 400, seed: int = 1) -> list[bytes]:
    """A spot recording: depth, a snapshot in line, trades and quotes."""
    rng = random.Random(seed)
    lines: list[bytes] = []
    at = 100
    for i in range(count):
        sent = {"E": START_MS + i, "s": "BTCUSDT"}
        if i == 5:
            book = {
                "bids": [["99.50000000", "1.00000000"]],
                "asks": [["100.50000000", "2.00000000"]],
            }
            lines.append(line(i, {"lastUpdateId": at - 3} | book))
        elif i % 3 == 0:
            level = [f"{rng.randrange(90, 99)}.25000000", f"0.{rng.randrange(10**5):05d}000"]
            body = {"e": "depthUpdate", **sent, "U": at + 1, "u": at + 5, "b": [level], "a": []}
            lines.append(line(i, {"stream": "btcusdt@depth@100ms", "data": body}))
            at += 5
        elif i % 3 == 1:
            price = {"p": "100.00000000", "q": "0.10000000", "T": START_MS + i, "m": bool(i % 2)}
            body = {"e": "trade", **sent, "t": 7 + i // 3, **price, "M": True}
            lines.append(line(i, {"stream": "btcusdt@trade", "data": body}))
        else:
            body = {"u": at, "s": "BTCUSDT", "b": "99.50000000", "B": "1.00000000"}
            body |= {"a": "100.50000000", "A": "2.00000000"}
            lines.append(line(i, {"stream": "btcusdt@bookTicker", "data": body}))
    return lines


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write lines to a file; a name that ends in .gz is compressed."""

    def to(name: str, lines: Iterable[bytes]) -> Path:
        data = b"".join(each + b"\n" for each in lines)
        path = tmp_path / name
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return to


def read(
    *texts: str, chunk: int = 1_000, is_lenient: bool = False
) -> tuple[EventArray, RecordingSummary]:
    (recording,) = open_recordings(list(texts), is_lenient=is_lenient).sources
    rows = np.concatenate(list(recording.chunks(chunk)))
    return rows, recording.summary()


def test_counts_and_exact_quantities(write: Write) -> None:
    rows, summary = read(f"binance.spot={write('a.gz', spot_lines())}")
    (coin,) = summary.instruments
    assert (summary.messages, summary.trades, summary.book_updates) == (400, 133, 134)
    assert (summary.buy_qty, summary.sell_qty) == ("6.6", "6.7")
    assert (summary.gaps, summary.duplicates, summary.malformed) == (0, 0, {})
    assert (coin.instrument_id, coin.tick, coin.lot) == ("BTC/USDT@binance", "0.01", "0.00001")
    assert (coin.is_inferred, coin.contract_size, coin.inexact_sizes) == (True, "1", 0)
    assert (summary.rows, summary.truncated, summary.went_back) == (len(rows), False, 0)
    times = rows["receive_time_ns"]
    assert summary.first_receive_ns == START_MS * MS - 500 * MS
    assert summary.last_receive_ns == times[-1] == (START_MS + 399) * MS - 500 * MS
    assert (np.diff(times) >= 0).all()


@pytest.mark.parametrize("chunk", [1, 7, 100])
def test_files_chunks_and_compression_change_nothing(chunk: int, write: Write) -> None:
    lines = spot_lines()
    whole, expected = read(f"binance.spot={write('whole.gz', lines)}")
    parts = [write("a.gz", lines[:123]), write("b", lines[123:124]), write("c.gz", lines[124:])]
    rows, summary = read("binance.spot=" + ",".join(map(str, parts)), chunk=chunk)
    assert np.array_equal(rows, whole)
    assert summary == expected


def test_members_of_one_gzip_file_are_one_stream(tmp_path: Path) -> None:
    lines = [each + b"\n" for each in spot_lines(90)]
    path = tmp_path / "members.gz"
    path.write_bytes(b"".join(gzip.compress(b"".join(lines[i : i + 30])) for i in (0, 30, 60)))
    assert read(f"binance.spot={path}")[1].messages == 90


def test_garbage_is_counted_and_named_by_file_and_line(write: Write) -> None:
    lines = spot_lines(60)
    broken = [*lines[:20], b"hello", b"", lines[20][:-30], *lines[21:]]
    first, second = write("first", broken[:10]), write("second", broken[10:])
    _, summary = read(f"binance.spot={first},{second}")
    assert summary.messages == 62
    assert summary.malformed == {"json": 1, "line": 2}
    assert summary.malformed_examples["line"].startswith("second:11: expected a receive time")
    assert summary.malformed_examples["json"].startswith("second:13: ")


def test_a_truncated_file_is_read_as_far_as_it_goes(write: Write, tmp_path: Path) -> None:
    path = write("whole.gz", spot_lines())
    cut = tmp_path / "cut.gz"
    cut.write_bytes(path.read_bytes()[:-900])
    text = f"binance.spot={cut}"
    with pytest.raises(DataError, match=r"found cut\.gz truncated"):
        read(text)
    rows, summary = read(text, is_lenient=True)
    assert (summary.truncated, summary.truncated_files) == (True, ("cut.gz",))
    assert 100 < summary.messages < 400
    assert np.array_equal(rows, read(f"binance.spot={path}")[0][: len(rows)])


def test_damage_inside_compressed_data_counts_as_truncated(write: Write, tmp_path: Path) -> None:
    data = bytearray(write("whole.gz", spot_lines()).read_bytes())
    data[len(data) // 2 : len(data) // 2 + 40] = bytes(40)
    broken = tmp_path / "broken.gz"
    broken.write_bytes(data)
    _, summary = read(f"binance.spot={broken}", is_lenient=True)
    assert summary.truncated


def test_receive_times_that_go_back_are_raised_and_counted(write: Write) -> None:
    lines = spot_lines(50)
    lines[20], lines[21] = lines[21], lines[20]
    rows, summary = read(f"binance.spot={write('a', lines)}")
    assert summary.went_back == 1
    assert (np.diff(rows["receive_time_ns"]) >= 0).all()


def test_a_wrong_receive_time_does_not_carry_the_rest_away(write: Write) -> None:
    lines = spot_lines(50)
    lines[25] = b"9" * 19 + lines[25][19:]
    lines[30] = b"9" * 40 + lines[30][19:]
    _, summary = read(f"binance.spot={write('a', lines)}")
    assert summary.malformed == {"line": 2}
    assert summary.messages == 50


def test_several_sources_share_a_table_in_the_order_given(write: Write) -> None:
    lines = spot_lines(60)
    inverse = [
        each.replace(b"BTCUSDT", b"BTCUSD_PERP").replace(b"btcusdt", b"btcusd_perp")
        for each in lines
    ]
    coinm = [each for each in inverse if b"@trade" in each]
    found = open_recordings(
        [f"binance.coinm={write('c', coinm)}", f"binance.spot={write('s', lines)}"]
    )
    assert [coin.symbol for coin in found.table] == ["BTC/USD:BTC", "BTC/USDT"]
    rows = [np.concatenate(list(source.chunks())) for source in found.sources]
    assert [set(each["source"].tolist()) for each in rows] == [{0}, {1}]
    assert [set(each["instrument"].tolist()) for each in rows] == [{0}, {1}]


def test_a_last_line_without_its_end_is_read(tmp_path: Path) -> None:
    path = tmp_path / "open"
    path.write_bytes(b"\n".join(spot_lines(30)))
    assert read(f"binance.spot={path}")[1].messages == 30


def days_later(text: bytes) -> bytes:
    """The same trade with another id, eleven days later in both clocks."""
    moved = text.replace(b"17000000", b"17009999").replace(b'"t":', b'"t":9')
    return re.sub(rb"^1699999", rb"1700999", moved)


def test_days_that_were_left_out_are_no_fault(write: Write) -> None:
    first = [each for each in spot_lines(60) if b"@trade" in each]
    files = (write("a", first), write("b", map(days_later, first)))
    rows, summary = read(f"binance.spot={files[0]},{files[1]}")
    assert (summary.malformed, summary.trades) == ({}, 40)
    assert np.diff(rows["receive_time_ns"]).max() > 10 * 86_400 * 10**9


def test_given_instruments_are_used_as_they_are(write: Write, tmp_path: Path) -> None:
    path = write("a", spot_lines(60))
    spec = RecordingSpec.parse(f"binance.spot={path}")
    (coin,) = open_recordings([f"binance.spot={path}"]).table
    recording = Recording(spec, {5: coin}, 3)
    rows = np.concatenate(list(recording.chunks()))
    assert set(rows["instrument"].tolist()) == {5}
    assert recording.summary().instruments[0].is_inferred is False
    assert recording.indexes == (5,)


def test_microseconds_are_told_by_their_size(write: Write) -> None:
    finer = [re.sub(rb'("[ET]":\d{13})', rb"\g<1>000", each) for each in spot_lines(60)]
    _, summary = read(f"binance.spot={write('a', finer)}")
    assert (summary.time_unit, summary.malformed, summary.trades) == ("MICROSECOND", {}, 20)


@pytest.mark.parametrize("text", ["binance.spot", "binance.spot=", "=file", "binance.spot=nowhere"])
def test_texts_that_are_no_recording(text: str) -> None:
    with pytest.raises((ConfigurationError, UnknownNameError)):
        RecordingSpec.parse(text)


def test_an_unknown_venue_is_answered_with_the_nearest(write: Write) -> None:
    with pytest.raises(UnknownNameError, match=r"did you mean 'binance\.spot'"):
        open_recordings([f"binance.spott={write('a', [])}"])


def test_a_recording_of_something_else(write: Write) -> None:
    with pytest.raises(DataError, match=r"expected messages of binance\.usdm"):
        open_recordings([f"binance.usdm={write('a', [b'1 {}', b'nothing'])}"])


def test_a_line_without_end_is_not_kept_in_memory(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("undertow.backtest.recording.LONGEST_LINE", 1_000)
    path = write("a", [b"x" * 5_000_000])
    with pytest.raises(DataError, match="lines below 1000 bytes"):
        list(LineReader([path]).chunks())


def gaps_of(recording: Recording, lines: list[bytes]) -> int:
    rows = recording._decode(lines)
    return int((rows["kind"] == EventKind.GAP).sum())


def every_loss_is_a_gap(text: str, lines: list[bytes], count: int, seed: int) -> None:
    """Remove single depth or trade messages at random: each must be seen, and nothing else."""
    spec = RecordingSpec.parse(text)
    (coin,) = open_recordings([text]).table
    assert gaps_of(Recording(spec, {0: coin}), lines) == 0
    kinds = [b"@trade", b"@depth"]
    of_kind = [[i for i, each in enumerate(lines) if kind in each][1:-1] for kind in kinds]
    rng = random.Random(seed)
    for _ in range(count):
        lost = rng.choice(rng.choice(of_kind))
        kept = [*lines[:lost], *lines[lost + 1 :]]
        assert gaps_of(Recording(spec, {0: coin}), kept) == 1, lost


def test_any_message_that_is_lost_is_a_gap(write: Write) -> None:
    lines = spot_lines(200)
    every_loss_is_a_gap(f"binance.spot={write('a', lines)}", lines, 200, 7)


RECORDED = {
    "binance.spot": ("spot/btcusdt_20240808.gz", "spot/btcusdt_20240809.gz"),
    "binance.usdm": ("usdm/btcusdt_20240808.gz",),
    "binance.coinm": ("cm/btcusd_perp_20240808.gz", "cm/btcusd_perp_20240809.gz"),
}
COUNTS = {
    "binance.spot": (99_574, 19_904, 73_174, 6_495),
    "binance.usdm": (93_954, 21_313, 66_089, 6_551),
    "binance.coinm": (98_386, 5_235, 48_355, 44_795),
}


def recorded_text(recorded: Path, venue: str) -> str:
    names = (str(recorded / "hftbacktest" / name) for name in RECORDED[venue])
    return f"{venue}={','.join(names)}"


def counted_plainly(recorded: Path, venue: str) -> tuple[int, int]:
    """Buy and sell quantity in 1e-8, with nothing of ours."""
    sums = [0, 0]
    for name in RECORDED[venue]:
        with gzip.open(recorded / "hftbacktest" / name) as file:
            for each in file:
                if b'"e":"trade"' in each:
                    body = json.loads(each.split(b" ", 1)[1])["data"]
                    whole, _, fraction = body["q"].partition(".")
                    sums[body["m"]] += int(whole + fraction.ljust(8, "0"))
    return sums[0], sums[1]


@pytest.mark.recorded
@pytest.mark.parametrize("venue", RECORDED)
def test_recorded_streams_have_every_message_and_no_false_gap(venue: str, recorded: Path) -> None:
    _, summary = read(recorded_text(recorded, venue))
    (coin,) = summary.instruments
    found = (summary.messages, summary.trades, coin.quotes, summary.book_updates)
    assert found == COUNTS[venue]
    assert (summary.gaps, summary.duplicates, summary.malformed, summary.ignored) == (0, 0, {}, {})
    assert (summary.went_back, coin.inexact_sizes, summary.truncated) == (0, 0, False)
    exact = tuple(round(float(text) * 10**8) for text in (summary.buy_qty, summary.sell_qty))
    assert exact == counted_plainly(recorded, venue)


@pytest.mark.recorded
@pytest.mark.parametrize("venue", RECORDED)
def test_any_recorded_message_that_is_lost_is_a_gap(venue: str, recorded: Path) -> None:
    text = recorded_text(recorded, venue)
    lines = next(LineReader(RecordingSpec.parse(text).paths).chunks(1_200))
    every_loss_is_a_gap(text, lines, 200, 11)
