"""Which of our indicators is which function of TA-Lib; each module here lists its `ROWS`."""

import importlib
import pkgutil

import msgspec


class TalibRow(msgspec.Struct, frozen=True):
    """One indicator with one choice of parameters, beside TA-Lib.

    `outputs` are ours in TA-Lib's order (an empty name leaves one of theirs out), `inputs` names of
    our columns in TA-Lib's order. `note` says why the warm-up differs or where only one of the two
    has a number; without one neither may happen. `in_price` tells that the outputs are in the unit
    of the inputs, so that rounding of the inputs is what they are measured against, `in_percent`
    that they are in percent of them. `not_on` names input sets that are left out and
    `limit` is the largest difference that counts as agreement; the note says why where it is wider.
    """

    name: str
    function: str
    settings: dict[str, float]
    talib_settings: dict[str, float]
    outputs: tuple[str, ...]
    inputs: tuple[str, ...]
    note: str = ""
    in_price: bool = False
    in_percent: bool = False
    not_on: tuple[str, ...] = ()
    limit: float = 1e-9


def all_rows() -> list[TalibRow]:
    """The rows of every module of this package, in order of the modules' names."""
    found: list[TalibRow] = []
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda one: one.name):
        found += importlib.import_module(f"{__name__}.{module.name}").ROWS
    return found
