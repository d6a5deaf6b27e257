"""Layouts of footprints."""

from undertow.kernels.bars.footprint_layout import FOOTPRINT, FOOTPRINT_HEAD


def test_records_are_whole_numbers_without_padding() -> None:
    for layout in (FOOTPRINT, FOOTPRINT_HEAD):
        assert all(layout[name] == "int64" for name in layout.names or ())
        assert layout.itemsize == 8 * len(layout.names or ())
    assert len(FOOTPRINT.names or ()) != len(FOOTPRINT_HEAD.names or ())
