"""Which of our indicators is which function of TA-Lib; each module here lists its `ROWS`."""

import importlib
import pkgutil
from collections.abc import Mapping

import msgspec


class TalibRow(msgspec.Struct, frozen=True):
    """One indicator with one choice of parameters, beside TA-Lib.

    `outputs` are ours in TA-Lib's order (an empty name leaves one of theirs out), `inputs` names of
    our columns in TA-Lib's order. `note` says why the warm-up differs or where only one of the two
    has a number; without one neither may happen.
    """

    name: str
    function: str
    settings: dict[str, float]
    talib_settings: dict[str, float]
    outputs: tuple[str, ...]
    inputs: tuple[str, ...]
    note: str = ""


MEASURED_AGAINST: Mapping[str, str] = {
    "HT_PHASOR": "price", "HT_SINE": "column", "DPO": "price", "FOSC": "percent",
    "ROCP": "column", "MACD": "column", "MACDFIX": "column", "MACDEXT": "price",
    "APO": "price", "PPO": "percent", "PVO": "column", "AO": "price", "AC": "column",
    "TRIX": "percent", "COPPOCK": "column", "AVGDEV": "column", "CORREL": "column",
    "STOCH": "column", "STOCHF": "column", "STOCHRSI": "column", "CCI": "column",
    "ADOSC": "column", "CMF": "column", "MFI": "column",
}  # fmt: skip
"""What the difference of a function's outputs is measured against where not each against itself.

All of these are differences, or are made of differences, of numbers that are larger than they are:
where they pass through zero they have fewer right digits than their inputs, whoever computes them.
"""


def all_rows() -> list[TalibRow]:
    """The rows of every module of this package, in order of the modules' names."""
    found: list[TalibRow] = []
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda one: one.name):
        found += importlib.import_module(f"{__name__}.{module.name}").ROWS
    return found
