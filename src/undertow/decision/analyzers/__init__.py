"""Bundled analyzers: primary signals for a pipeline."""

__all__: list[str] = []
