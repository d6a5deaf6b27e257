"""The driver: engine, venues and the wall clock on asyncio; supervision, recovery, paper mode."""

__all__: list[str] = []
