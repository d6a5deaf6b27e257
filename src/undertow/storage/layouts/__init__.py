"""Layouts of market data that others write: told by their content, read into plain columns."""
