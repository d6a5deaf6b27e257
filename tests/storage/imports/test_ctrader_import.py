"""The recorded answer beside the project, imported; other JSON is left to other readers."""

from pathlib import Path

import pytest

from undertow.domain.fixed import Step
from undertow.storage.catalog.catalog import Catalog
from undertow.storage.imports.ctrader_import import CtraderRecordings
from undertow.storage.imports.file_import import FileImport
from undertow.storage.open_data import open_market_data


def test_other_files_do_not_fit(tmp_path: Path) -> None:
    path = tmp_path / "BTC_USDT-1m.json"
    path.write_text("[[1704067200000,1,1,1,1,1]]")
    assert not CtraderRecordings().fits(path)
    path = tmp_path / "a.csv"
    path.write_text('{"type": 2138, "payload": ""}')
    assert not CtraderRecordings().fits(path)


@pytest.mark.recorded
def test_bars_of_the_bid(recorded: Path, tmp_path: Path) -> None:
    (found,) = FileImport(Catalog(tmp_path)).run([recorded / "ctrader" / "openapi_frames.json"])
    assert (found.outcome, found.layout, found.series[0].counts.added) == (
        "imported",
        "ctrader",
        49,
    )
    data = open_market_data(tmp_path)
    (one,) = data.table
    assert (one.instrument_id, one.price_step) == ("EUR/USD@ctrader", Step(1, 5))
    assert data.understood == ("EUR/USD@ctrader: bars are of the bid",)
