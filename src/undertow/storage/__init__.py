"""Files: the journal's segments, snapshots, the state database, the lake of recorded market data
and the layout of the home folder. Everything that touches a disk is here.
"""

__all__: list[str] = []
