"""A result as a file: `backtest-result-<date>.zip`, and back again without loss.

Inside are the result under known keys (`.json`), the whole of it (`_result.msgpack`, curves as
`_wallet.feather` and `_market_change.feather`), the resolved configuration and each strategy's
source. Beside it lies `.meta.json`; `.last_result.json` names the newest.
"""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.feather as feather

from undertow.backtest.known_keys import comparison_row, strategy_keys
from undertow.backtest.result import BacktestResult, EquityCurve
from undertow.domain.errors import DataError
from undertow.storage.atomic_file import write_atomically

PREFIX = "backtest-result-"
LAST = ".last_result.json"
_WHOLE = "_result.msgpack"
_EQUITY = "equity"
_CURVES = ("equity", "curves", "closes")
_STAMP = (1980, 1, 1, 0, 0, 0)
"""Time of every member: equal results make equal files."""


def write_archive(
    result: BacktestResult,
    folder: Path,
    stamp: str,
    config: str,
    *,
    with_signals: bool = False,
    name: str = "",
) -> Path:
    """Write the archive of a result and what lies beside it; returns its path.

    stamp: the date and time in its name. config: the resolved configuration as JSON. with_signals:
    every signal as rows of its own file too. name: of the archive, instead of the usual one.
    """
    stem = f"{PREFIX}{stamp}"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (name or f"{stem}.zip")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for member_name, data in _members(result, stem, config).items():
            member = zipfile.ZipInfo(member_name, _STAMP)
            archive.writestr(member, data, zipfile.ZIP_DEFLATED)
        if with_signals:
            rows = _json(msgspec.to_builtins(result.signals))
            member = zipfile.ZipInfo(f"{stem}_signals.json", _STAMP)
            archive.writestr(member, rows, zipfile.ZIP_DEFLATED)
    write_atomically(path, [buffer.getvalue()])
    write_atomically(folder / f"{stem}.meta.json", [_json(_meta(result, stamp))])
    write_atomically(folder / LAST, [_json({"latest_backtest": path.name})])
    return path


def read_archive(path: Path) -> BacktestResult:
    """The result in an archive; of a folder the newest. Raises `DataError` when it is none."""
    if path.is_dir():
        path = _newest(path)
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            whole = msgspec.msgpack.decode(archive.read(_ending(names, _WHOLE, path)))
            wallet = archive.read(_ending(names, "_wallet.feather", path))
            market = archive.read(_ending(names, "_market_change.feather", path))
        fields = {
            field.name: msgspec.convert(whole[field.name], field.type)
            for field in msgspec.structs.fields(BacktestResult)
            if field.name not in _CURVES and (field.required or field.name in whole)
        }
    except (OSError, KeyError, zipfile.BadZipFile, msgspec.MsgspecError) as error:
        raise DataError(f"expected a backtest result in {path}, found {error}") from None
    curves = _curves_of(wallet, whole["step_ns"])
    closes = _curves_of(market, whole["step_ns"])
    return BacktestResult(**fields, equity=curves.pop(_EQUITY), curves=curves, closes=closes)


def result_json(result: BacktestResult) -> dict[str, Any]:
    """The result under known keys."""
    return {
        "strategy": {name: strategy_keys(result, name) for name in result.strategies},
        "strategy_comparison": [comparison_row(result, name) for name in result.strategies],
        "metadata": {name: {"run_id": result.state_hash} for name in result.strategies},
    }


def _members(result: BacktestResult, stem: str, config: str) -> dict[str, bytes]:
    whole = {
        name: msgspec.to_builtins(getattr(result, name))
        for name in result.__struct_fields__
        if name not in _CURVES
    }
    whole["step_ns"] = result.equity.step_ns
    wallet = {_EQUITY: result.equity, **result.curves}
    members = {
        f"{stem}.json": _json(result_json(result)),
        f"{stem}{_WHOLE}": msgspec.msgpack.encode(whole),
        f"{stem}_config.json": config.encode(),
        f"{stem}_wallet.feather": _feather(wallet),
        f"{stem}_market_change.feather": _feather(dict(result.closes)),
    }
    for name, source in result.strategy_sources.items():
        members[f"{stem}_{name}.py"] = source.encode()
    return members


def _meta(result: BacktestResult, stamp: str) -> dict[str, Any]:
    one = {
        "run_id": result.state_hash,
        "backtest_date": stamp,
        "timeframe": result.timeframe,
        "backtest_start_ts": result.start_ns // 10**9,
        "backtest_end_ts": result.stop_ns // 10**9,
        "data_digest": result.data_digest,
    }
    return dict.fromkeys(result.strategies, one)


def _feather(curves: dict[str, EquityCurve]) -> bytes:
    first = next(iter(curves.values()), None)
    times = first.time_ns if first is not None else np.empty(0, np.int64)
    columns = {"date": pa.array(times, pa.timestamp("ns", "UTC"))}
    columns |= {name: pa.array(curve.equity) for name, curve in curves.items()}
    sink = io.BytesIO()
    feather.write_feather(pa.table(columns), sink, compression="zstd")
    return sink.getvalue()


def _curves_of(data: bytes, step_ns: int) -> dict[str, EquityCurve]:
    table = feather.read_table(io.BytesIO(data))
    times = table["date"].cast(pa.int64()).to_numpy()
    return {
        name: EquityCurve(times, table[name].to_numpy(), step_ns)
        for name in table.column_names
        if name != "date"
    }


def _newest(folder: Path) -> Path:
    try:
        named = json.loads((folder / LAST).read_text())["latest_backtest"]
    except (OSError, ValueError, KeyError):
        found = sorted(folder.glob(f"{PREFIX}*.zip"))
        if not found:
            raise DataError(f"expected backtest results in {folder}, found none") from None
        return found[-1]
    return folder / str(named)


def _ending(names: list[str], ending: str, path: Path) -> str:
    for name in names:
        if name.endswith(ending):
            return name
    raise DataError(f"expected a backtest result in {path}, found no {ending} in it")


def _json(data: Any) -> bytes:
    # NaN has no form in JSON that every reader takes: it becomes null.
    return msgspec.json.format(msgspec.json.encode(data, order="sorted"), indent=1)
