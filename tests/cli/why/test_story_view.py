from collections.abc import Callable

import msgspec
from rich.console import Console

from undertow.cli.why.order_story import OrderStory, StopChange
from undertow.cli.why.story_view import render_story

LONG, SHORT = "BTC/USDT:USDT@aster", "BTC/USDT:USDT@borea"


def shown(story: OrderStory, width: int = 120) -> str:
    console = Console(width=width)
    with console.capture() as captured:
        console.print(render_story(story))
    return captured.get()


def test_every_section_has_its_numbers(story: Callable[[str, str], OrderStory]) -> None:
    text = shown(story(LONG, "entry"))
    for words in (
        "ut1-o1  BUY 0.052 BTC/USDT:USDT@aster", "filled: 0.052 at 95742.4 on average",
        "Why: planned decided to enter: planned", "a timer of the engine was due",
        "score 1 of 3.5 points", "imbalance", "spread_bps", "approved 0.052", "position_limit",
        "decides", "order_placement", "sent to first fill heard", "P&L -5.3788046 USDT",
        "its time was over", "Other orders of the position",
    ):  # fmt: skip
        assert words in text


def test_it_fits_eighty_columns(story: Callable[[str, str], OrderStory]) -> None:
    text = shown(story(SHORT, "protect"), width=80)
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "protect of planned, filled: 0.052" in text


def test_refusals_open_positions_and_long_lives(story: Callable[[str, str], OrderStory]) -> None:
    told = story(LONG, "entry")
    assert told.risk is not None
    assert told.position is not None
    changes = tuple(StopChange(at_ns=i + 1, price=str(i), reason="[trailing]") for i in range(9))
    told = msgspec.structs.replace(
        told,
        order=msgspec.structs.replace(told.order, average_price="", state="rejected"),
        risk=msgspec.structs.replace(told.risk, approved=False, code="no_cash", words="poor"),
        position=msgspec.structs.replace(told.position, is_open=True, stop_changes=changes),
    )
    text = shown(told)
    assert "refused no_cash: poor" in text
    assert "still open at the end of the journal" in text
    assert "... 4 more ..." in text
    assert "8  [trailing]" in text
    assert "entry of planned, rejected" in text


def test_exit_rules_fire_or_are_quiet(story: Callable[[str, str], OrderStory]) -> None:
    told, entry = story(LONG, "exit"), story(LONG, "entry")
    assert told.decision is not None
    assert entry.decision is not None
    levels = (
        entry.decision.levels[0],
        msgspec.structs.replace(entry.decision.levels[0], passed=False),
    )
    decision = msgspec.structs.replace(told.decision, levels=levels)
    text = shown(msgspec.structs.replace(told, decision=decision))
    assert "fires liquidity" in text
    assert "quiet liquidity" in text
    assert "FAIL" not in text
