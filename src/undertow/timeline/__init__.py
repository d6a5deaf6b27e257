"""Order and time: the clock protocol, merging and batching of recorded streams, sequence and
silence checks, deterministic ids, and the byte formats of journal and snapshot. Pure: bytes in,
bytes out; files are `storage`'s.
"""

__all__: list[str] = []
