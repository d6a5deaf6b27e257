from undertow.plot.ink import DARK, LIGHT
from undertow.plot.run.page_style import STYLE


def test_the_page_has_both_grounds_and_closes_its_braces() -> None:
    assert LIGHT.ground in STYLE
    assert DARK.ground in STYLE
    assert STYLE.count("{") == STYLE.count("}")
    assert "prefers-color-scheme: dark" in STYLE
