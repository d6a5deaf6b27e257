"""Bringing data of other programs into the catalog, again and again without loss or doubles."""
