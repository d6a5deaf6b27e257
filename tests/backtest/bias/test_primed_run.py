from undertow.backtest.bias.primed_run import has_callbacks, has_signals, primed_run
from undertow.backtest.honesty.zoo import KEPT, AverageCross, CallbackClock, CallbackMemory, market
from undertow.backtest.sealed_data import SealedData, sealed_from


def test_signals_are_asked_first_with_no_more_than_the_runs_own_bars() -> None:
    data = market(bars=200)
    primed_run([CallbackMemory()], data, {"is_research": True})
    whole = len(KEPT["close"])
    primed_run([CallbackMemory()], SealedData(data, sealed_from(data, 0.5)), {"is_research": True})
    assert whole == 200
    assert 95 <= len(KEPT["close"]) <= 105


def test_which_faces_were_written() -> None:
    faces = {
        kind: (has_signals(kind()), has_callbacks(kind()))
        for kind in (AverageCross, CallbackClock, CallbackMemory)
    }
    assert faces == {
        AverageCross: (True, False),
        CallbackClock: (False, True),
        CallbackMemory: (True, True),
    }
