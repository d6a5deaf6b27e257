from undertow.domain.time import NS_PER_DAY, utc_day, utc_text


def test_text_keeps_nanoseconds() -> None:
    assert utc_text(1723161253937085768) == "2024-08-08T23:54:13.937085768Z"


def test_day_changes_at_midnight() -> None:
    assert utc_day(NS_PER_DAY - 1) == 0
    assert utc_day(NS_PER_DAY) == 1
