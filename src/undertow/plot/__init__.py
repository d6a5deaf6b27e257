"""Figures of the order flow: described once as data, drawn as an HTML page or as an image."""
