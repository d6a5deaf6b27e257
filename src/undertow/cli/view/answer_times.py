"""How long venues take to answer an order: from its sending to the first report of it."""

from collections import deque
from collections.abc import Iterable

from undertow.cli.view.event_feed import Item
from undertow.domain.engine_input import ReportReceived
from undertow.domain.event import OrderPlaced
from undertow.domain.time import NS_PER_MS

KEPT = 100
_MOST_WAITING = 1_000


class AnswerTimes:
    """The last answers, in milliseconds of engine time; empty where no reports are shown to it."""

    def __init__(self) -> None:
        self._sent: dict[str, int] = {}
        self._last_ms: deque[float] = deque(maxlen=KEPT)

    def take(self, items: Iterable[Item]) -> None:
        """Note orders that were sent and first reports of them."""
        for item in items:
            if isinstance(item, OrderPlaced):
                self._sent[item.order.client_order_id] = item.at_ns
            elif isinstance(item, ReportReceived):
                sent_ns = self._sent.pop(getattr(item.report, "client_order_id", ""), None)
                if sent_ns is not None:
                    self._last_ms.append((item.receive_time_ns - sent_ns) / NS_PER_MS)
        while len(self._sent) > _MOST_WAITING:
            del self._sent[next(iter(self._sent))]

    @property
    def median_ms(self) -> float | None:
        """The middle one of the last answers (the upper of two); None before the first."""
        return sorted(self._last_ms)[len(self._last_ms) // 2] if self._last_ms else None

    @property
    def worst_ms(self) -> float | None:
        """The longest of the last answers; None before the first."""
        return max(self._last_ms, default=None)
