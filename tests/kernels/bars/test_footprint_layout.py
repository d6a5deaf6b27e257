"""Layouts of footprints."""

from undertow.kernels.bars.footprint_layout import FOOTPRINT, FOOTPRINT_HEAD
from undertow.kernels.flow.layout import HOLES


def test_records_are_whole_numbers_without_padding() -> None:
    for layout in (FOOTPRINT, FOOTPRINT_HEAD):
        assert all(layout[name].base == "int64" for name in layout.names or ())
    assert FOOTPRINT_HEAD.itemsize == 8 * len(FOOTPRINT_HEAD.names or ())
    assert FOOTPRINT.itemsize == 8 * (len(FOOTPRINT.names or ()) - 1 + 2 * HOLES)
