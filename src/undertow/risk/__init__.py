"""Risk: an intent goes in, `Approved` or `Refused(code, reason)` comes out; stops and breakers."""

__all__: list[str] = []
