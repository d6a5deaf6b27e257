"""Series go in, flaws are kept apart, and a wrong series can be put aside."""

from pathlib import Path

from undertow.storage.catalog.catalog import Catalog
from undertow.storage.imports.candle_import import import_series
from undertow.storage.layouts.source_series import SourceOptions, read_source_series

TEXT = "date,open,high,low,close,volume\n" + "".join(
    f"{1_704_067_200 + n * 60},10,{12 if n != 3 else 8},9,11,1.5\n" for n in range(6)
)


def test_in_and_in_again(tmp_path: Path) -> None:
    path = tmp_path / "binance" / "BTC_USDT-1m.csv"
    path.parent.mkdir()
    path.write_text(TEXT)
    catalog = Catalog(tmp_path / "data")
    (source,) = read_source_series(path)
    first = import_series(catalog, source)
    assert (first.counts.added, first.apart, first.flaws, first.rows) == (5, 1, {"range": 1}, 6)
    assert first.folder == "crypto/binance/spot/BTC_USDT/candles-1m"
    again = import_series(catalog, source)
    assert (again.counts.added, again.counts.equal) == (0, 5)
    (series,) = catalog.series()
    (apart,) = series.store.apart()
    assert (apart.reason, apart.origin, apart.values["high"]) == ("range", path.name, 8)


def test_put_aside_once_in_a_run(tmp_path: Path) -> None:
    path = tmp_path / "EURUSD.csv"
    path.write_text(TEXT)
    catalog, replaced = Catalog(tmp_path / "data"), set[Path]()
    options = SourceOptions(scale=10.0)
    import_series(catalog, read_source_series(path, options)[0])
    shifted = SourceOptions(scale=10.0, timezone="EST")
    found = import_series(catalog, read_source_series(path, shifted)[0], replaced)
    assert found.counts.conflicting == 0
    assert import_series(catalog, read_source_series(path, shifted)[0], replaced).counts.equal == 5
    assert len(list((tmp_path / "data").rglob("replaced/*"))) == 1
