"""Vendors' documents: the documented shapes, and what is refused."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from undertow.domain.errors import DataError
from undertow.flow.vendor_liquidations import from_vendor_heatmap, from_vendor_map

S = 10**9


def heatmap(**changed: Any) -> dict[str, Any]:
    """A document in the shape of the vendor's pages."""
    data = {
        "y_axis": [47_900.0, 48_000.0, 48_100.0, 48_200.0],
        "liquidation_leverage_data": [[0, 0, 9e6], [1, 0, 7e6], [1, 1, 3e6], [1, 3, 8e6]],
        "price_candlesticks": [
            [1_722_676_500, "1", "1", "1", "1", "1"],
            [1_722_676_800, "48000", "48060", "47990", "48050", "1"],
        ],
    }
    return {"code": "0", "msg": "success", "data": {**data, **changed}}


def test_the_last_column_of_a_heatmap_waits_now() -> None:
    found = from_vendor_heatmap(heatmap())
    assert (found.source, found.as_of_ns, found.width) == ("coinglass", 1_722_676_800 * S, 100.0)
    assert found.lows.tolist() == [47_900.0, 48_000.0, 48_100.0, 48_200.0]
    assert found.long_usd.tolist() == [7e6, 3e6, 0.0, 0.0]
    assert found.short_usd.tolist() == [0.0, 0.0, 0.0, 8e6]


def test_a_heatmap_without_cells_is_empty() -> None:
    assert len(from_vendor_heatmap(heatmap(liquidation_leverage_data=[])).lows) == 0


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"code": "40001", "msg": "no"}, "code 0, found '40001'"),
        ({"code": "0", "data": []}, "an object under data, found list"),
        (heatmap(y_axis=[1.0]), "ascending prices"),
        (heatmap(y_axis=[3.0, 2.0]), "ascending prices"),
        (heatmap(liquidation_leverage_data=[[0, 4, 1.0]]), "rows below 4, found 4"),
        (heatmap(liquidation_leverage_data=[[0, 4]]), "a liquidation heatmap"),
        (heatmap(price_candlesticks=[]), "a liquidation heatmap"),
    ],
)
def test_what_is_no_heatmap_is_refused(document: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError, match=words):
        from_vendor_heatmap(document)


def test_a_map_is_split_at_the_price() -> None:
    levels = {
        "48935": [[48_935, 1.5e6, 25, None], [48_935, 0.5e6, 50, None]],
        "49100": [[49_100, 3e6, None, None]],
    }
    found = from_vendor_map({"code": "0", "data": {"data": levels}}, 49_000.0, 5, 100.0)
    assert (found.long_usd.sum(), found.short_usd.sum()) == (2e6, 3e6)
    assert (found.lows[0], found.as_of_ns) == (48_900.0, 5)


@pytest.mark.parametrize(
    "data", [{"data": []}, {"data": {"1": [[1]]}}, {"data": {"1": [["x", 1]]}}]
)
def test_what_is_no_map_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(DataError, match="expected"):
        from_vendor_map({"code": "0", "data": data}, 1.0, 0, 1.0)


@pytest.mark.recorded
def test_the_vendors_own_samples(recorded: Path) -> None:
    path = recorded / "coinglass_doc_samples.json.gz"
    samples = {
        one["endpoint"]: one["parsed"] for one in json.loads(gzip.decompress(path.read_bytes()))
    }
    for name in ("map", "aggregated-map"):
        document = samples[f"/api/futures/liquidation/{name}"]
        found = from_vendor_map(document, 50_000.0, 0, 50.0)
        assert found.long_usd.tolist() == [1_579_370.77]
    document = samples["/api/futures/liquidation/heatmap/model1"]
    with pytest.raises(DataError, match="rows below 3, found 122"):  # its axis is cut short
        from_vendor_heatmap(document)
    document["data"]["y_axis"] = [47_968.54 + 31.46 * row for row in range(130)]
    assert from_vendor_heatmap(document).usd.sum() == pytest.approx(1_527_940.12)
