"""Words of a record: the same numbers as numpy's fields, live and writable."""

import numpy as np

from undertow.flow.record_words import record_words, word_places
from undertow.kernels.flow.layout import INSTRUMENT, RUN, SOURCE

PLAIN = np.dtype([("a", np.int64), ("x", np.float64), ("many", np.int64, 3), ("b", np.int64)])


def test_each_plain_field_has_its_place() -> None:
    assert word_places(PLAIN) == {"a": 0, "b": 5}
    for layout in (RUN, SOURCE, INSTRUMENT):
        records = np.zeros(2, layout)
        places = word_places(layout)
        for k, name in enumerate(places):
            records[name][1] = 100 + k
        words = record_words(records, 1)
        assert [words[place] for place in places.values()] == [100 + k for k in range(len(places))]


def test_words_follow_the_record_and_the_record_them() -> None:
    records = np.zeros(3, PLAIN)
    words = record_words(records, 2)
    records["b"][2] = -7
    words[0] = 11
    assert words[5] == -7
    assert records["a"].tolist() == [0, 0, 11]
