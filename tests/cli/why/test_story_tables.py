from collections.abc import Callable

import msgspec
from rich.console import Console
from rich.table import Table

from undertow.cli.why.order_story import LifeStep, OrderStory, ToldCheck
from undertow.cli.why.story_tables import (
    MOST_STEPS,
    checks_table,
    clock,
    figure,
    life_table,
    short_clock,
    trades_table,
)


def shown(table: Table) -> str:
    console = Console(width=120)
    with console.capture() as captured:
        console.print(table)
    return captured.get()


def test_times_and_figures() -> None:
    assert clock(1_767_571_270_194_449_905) == "00:01:10.194449"
    assert short_clock(1_767_571_270_194_449_905) == "00:01:10.194"
    assert clock(0) == ""
    assert figure(1234567.0) == "1.23457e+06"
    assert figure(None) == "-"


def test_words_of_others_are_not_markup() -> None:
    check = ToldCheck(name="[b]", passed=False, value=None, threshold=2.0, reason="[/red] gone")
    text = shown(checks_table([check]))
    assert "FAIL" in text
    assert "[b]" in text
    assert "[/red] gone" in text


def test_the_middle_of_a_long_life_is_counted(story: Callable[[str, str], OrderStory]) -> None:
    order = story("BTC/USDT:USDT@aster", "entry").order
    step = LifeStep(what="amended", at_ns=1, venue_time_ns=0, since_sent_ms=0.0)
    steps = (*(step for _ in range(30)), msgspec.structs.replace(step, what="canceled"))
    text = shown(life_table(msgspec.structs.replace(order, life=steps)))
    assert f"... {31 - MOST_STEPS} more ..." in text
    assert text.rstrip().splitlines()[-1].startswith("canceled")


def test_trades_show_their_latency(story: Callable[[str, str], OrderStory]) -> None:
    trades = story("BTC/USDT:USDT@aster", "entry").trades
    text = shown(trades_table(trades))
    assert all(f"{trade.feed_latency_ms:.1f}" in text for trade in trades)
