"""Series of other programs into the catalog's own, with what cannot go in kept apart."""

from pathlib import Path

import msgspec

from undertow.storage.catalog.catalog import Catalog
from undertow.storage.catalog.series_part import TIME
from undertow.storage.catalog.series_store import AddedRows
from undertow.storage.imports.import_log import ImportedSeries
from undertow.storage.layouts.source_series import SourceSeries


def import_series(
    catalog: Catalog, source: SourceSeries, replaced: set[Path] | None = None
) -> ImportedSeries:
    """Add a series; the instrument's steps are the finer of what is there and what comes.

    replaced: where given, a series whose folder is not in it is put aside first, and noted there.
    """
    facts, columns = source.facts, source.columns
    store = catalog.store(facts.instrument, facts.series)
    if replaced is not None and store.folder not in replaced:
        store.put_aside()
        replaced.add(store.folder)
    counts = AddedRows()
    if len(columns[TIME]):
        counts = store.add(facts, columns, source.origin)
    store.keep_apart([msgspec.structs.replace(row, origin=source.origin) for row in source.apart])
    times = columns[TIME]
    return ImportedSeries(
        instrument_id=facts.instrument.instrument_id,
        series=facts.series.text,
        folder=str(store.folder.relative_to(catalog.folder)),
        rows=len(times) + len(source.apart),
        first_ns=int(times[0]) if len(times) else 0,
        last_ns=int(times[-1]) if len(times) else 0,
        counts=counts,
        apart=len(source.apart),
        flaws=dict(source.flaws),
    )
