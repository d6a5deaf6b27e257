from rich.style import Style

from undertow.cli.view import palette


def test_every_colour_is_one() -> None:
    styles = [value for name, value in vars(palette).items() if name.isupper()]
    assert len(styles) >= 10
    assert all(Style.parse(style) for style in styles)


def test_gains_are_green_and_losses_red() -> None:
    found = [palette.signed(value) for value in (1.0, -1.0, 0.0)]
    assert found == [palette.GOOD, palette.BAD, palette.DIM]
