"""A figure: its description, and the ways to see it."""

from pathlib import Path

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.domain.suggestion import did_you_mean
from undertow.plot.drawing import Drawing
from undertow.plot.ink import LIGHT, THEMES, Theme


class Figure(msgspec.Struct, frozen=True, eq=False):
    """Drawn when asked. In a notebook the last expression of a cell shows it."""

    drawing: Drawing

    def html(self, path: Path | str, *, library: str = "inline") -> Path:
        """Write an interactive page that follows the reader's light or dark setting.

        `library`: "inline" puts plotly into the page (about 4 MB, opens without a network);
        "directory" puts plotly.min.js once beside the page, for many pages in one folder.
        """
        from undertow.plot.html_renderer import html_page

        if library not in ("inline", "directory"):
            hint = did_you_mean(library, ("inline", "directory"))
            raise ConfigurationError(f"expected inline or directory, found {library!r};{hint}")
        target = Path(path)
        target.write_text(html_page(self.drawing, library), encoding="utf-8")
        if library == "directory":
            from undertow.plot.html_renderer import library_source

            (target.parent / "plotly.min.js").write_text(library_source(), encoding="utf-8")
        return target

    def png(
        self, path: Path | str, *, theme: str = LIGHT.name, scale: float = 2.0, colours: int = 0
    ) -> Path:
        """Write an image of width_px * scale by height_px * scale pixels.

        `colours`: at most so many different ones (2 .. 256) for a small file, 0 for all. Equal
        drawings give equal bytes with the same versions of the libraries.
        """
        from undertow.plot.image_renderer import png_bytes

        target = Path(path)
        target.write_bytes(png_bytes(self.drawing, _theme(theme), scale, colours))
        return target

    def svg(self, path: Path | str, *, theme: str = LIGHT.name) -> Path:
        """Write a vector image; grids of heat are embedded as pixels."""
        from undertow.plot.image_renderer import svg_bytes

        target = Path(path)
        target.write_bytes(svg_bytes(self.drawing, _theme(theme)))
        return target

    def _repr_html_(self) -> str:
        # What notebooks call. The library comes with each cell, so that saved notebooks work.
        from undertow.plot.html_renderer import html_part

        return html_part(self.drawing)


def _theme(name: str) -> Theme:
    found = THEMES.get(name)
    if found is None:
        raise ConfigurationError(f"expected a theme, found {name!r};{did_you_mean(name, THEMES)}")
    return found
