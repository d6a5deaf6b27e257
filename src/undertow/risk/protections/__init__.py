"""Protections: rules that look back on what happened and lock entries, or also flatten (BT-12)."""
