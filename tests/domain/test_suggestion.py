from undertow.domain.suggestion import did_you_mean


def test_nearest_option_is_named() -> None:
    assert did_you_mean("strateg", ["strategy", "risk"]) == " did you mean 'strategy'?"
    assert did_you_mean("EMACROSS", ["EmaCross"]) == " did you mean 'EmaCross'?"


def test_far_words_get_the_list() -> None:
    assert did_you_mean("zzz", ["b", "a"]) == " known: a, b"
    assert did_you_mean("zzz", []) == ""
    assert did_you_mean("zzz", [f"k{i:02d}" for i in range(20)]).endswith("k11, ...")
