"""Samples of closed minutes against a plain sum of their seconds."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.kernels.flow import layout
from undertow.kernels.flow.bar_roll import roll_instrument
from undertow.kernels.flow.bucket_ring import open_bucket
from undertow.kernels.flow.layout import RING

Make = Callable[..., Any]
START_S = 1_700_000_040
SUMS = ("ofi_lots", "large_buy_lots", "large_sell_lots")


def fill(
    arrays: Any, index: int, seconds: int, first_s: int = START_S
) -> dict[int, dict[str, float]]:
    """Random seconds from `first_s` on; returns what each holds."""
    plain: dict[int, dict[str, float]] = {}
    for second in range(first_s, first_s + seconds):
        rng = np.random.default_rng(second)
        if second % 3 == 1:
            continue
        bucket = arrays.buckets[index, second % RING]
        open_bucket(arrays.instruments[index], bucket, second)
        one: dict[str, float] = {name: int(rng.integers(-9, 99)) for name in SUMS}
        for name in SUMS:
            bucket[name] = one[name]
        traded, ticks, lots = bucket["traded"], int(rng.integers(90, 110)), 7
        one["buy_value"] = lots / ticks if index else float(lots * ticks)
        traded["buy_trades"], traded["buy_lots"] = 1, lots
        traded["buy_tick_lots"] = float(lots * ticks)
        traded["buy_inverse"] = lots / ticks if index else 0.0
        for name in ("open_ticks", "high_ticks", "low_ticks", "close_ticks"):
            bucket[name] = ticks
        plain[second] = one
    return plain


@pytest.mark.parametrize("index", [0, 1])
@pytest.mark.parametrize("steps", [[60] * 5, [1] * 300, [59, 61, 7, 90, 83]])
def test_a_sample_is_the_sum_of_its_seconds(
    steps: list[int], index: int, make_arrays: Make
) -> None:
    arrays = make_arrays()
    arrays.instruments["closed_until_s"][index] = until = START_S
    arrays.instruments["source"][index] = 0
    plain: dict[int, dict[str, float]] = {}
    for step in steps:
        plain |= fill(arrays, index, step, until)
        until += step
        roll_instrument(arrays.run[0], index, until)
    assert arrays.instruments["bars_1m"][index] == 5
    for k, sample in enumerate(arrays.minute_samples[index][:5]):
        first = START_S + 60 * k
        parts = [plain[s] for s in range(first, first + 60) if s in plain]
        for name in SUMS:
            assert sample[name] == sum(part[name] for part in parts)
        assert sample["buy_value"] == pytest.approx(sum(p["buy_value"] for p in parts), rel=1e-14)
        assert sample["sell_value"] == 0.0
        assert sample["flags"] == (layout.MINUTE_FIRST if k == 0 else 0)


def closed_once(arrays: Any, minute: int = 1) -> Any:
    """Closes the minute after a first one and returns its sample."""
    fill(arrays, 0, 20)
    arrays.instruments["source"][0] = 1
    arrays.instruments["bars_1m"][0] = minute
    arrays.instruments["closed_until_s"][0] = START_S
    roll_instrument(arrays.run[0], 0, START_S + 61)
    return arrays.minute_samples[0][minute]


def test_facts_are_those_at_the_close(make_arrays: Make) -> None:
    arrays, one = make_arrays(), {}
    names = layout.MINUTE_SAMPLE.names or ()
    facts = [name for name in names if name in (layout.INSTRUMENT.names or ())]
    for k, name in enumerate(name for name in facts if name != "ofi_lots"):
        arrays.instruments[name][0] = one[name] = 100 + k
    sample = closed_once(arrays)
    assert {name: int(sample[name]) for name in one} == one
    assert len(one) == 10


@pytest.mark.parametrize(
    ("record", "changed", "flags"),
    [
        ("instruments", {"minute_flags": layout.MINUTE_GAPPED}, layout.MINUTE_GAPPED),
        ("instruments", {"is_lost": 1}, layout.MINUTE_LOST),
        ("instruments", {"book_status": layout.BOOK_FRESH}, layout.MINUTE_BOOK),
        ("sources", {"is_down": 1}, layout.MINUTE_DOWN),
        ("sources", {"overdue_s": START_S + 60}, layout.MINUTE_LATE),
        ("sources", {"overdue_s": START_S + 59}, 0),
        (
            "sources",
            {"silent_from_s": START_S + 50, "silent_until_s": START_S + 70},
            layout.MINUTE_SILENT,
        ),
        ("sources", {"silent_from_s": START_S - 50, "silent_until_s": START_S}, 0),
    ],
)
def test_flags_say_what_was_wrong(
    record: str, changed: dict[str, int], flags: int, make_arrays: Make
) -> None:
    arrays = make_arrays()
    for name, value in changed.items():
        getattr(arrays, record)[name][0 if record == "instruments" else 1] = value
    sample = closed_once(arrays)
    assert sample["flags"] == flags
    assert sample["silent_s"] == (10 if flags == layout.MINUTE_SILENT else 0)
    stays = flags & (layout.MINUTE_LOST | layout.MINUTE_DOWN)
    assert arrays.instruments["minute_flags"][0] == stays


def test_samples_go_round_their_ring(make_arrays: Make) -> None:
    arrays = make_arrays(samples_1m=2)
    fill(arrays, 0, 60)
    arrays.instruments["source"][0], arrays.instruments["bars_1m"][0] = 0, 5
    arrays.instruments["closed_until_s"][0] = START_S
    roll_instrument(arrays.run[0], 0, START_S + 60)
    assert arrays.minute_samples.shape == (2, 2)
    assert arrays.minute_samples[0, 1]["buy_value"] > 0
    assert arrays.minute_samples[0, 0]["buy_value"] == 0


def test_five_hundred_minutes_and_a_margin_take_sixty_kilobytes() -> None:
    assert 504 * layout.MINUTE_SAMPLE.itemsize <= 60 * 1024
    assert layout.MINUTE_SICK & layout.MINUTE_BOOK == 0
