"""What a run did, from its journal alone: counts, trades, and the time from signal to fill.

python examples/read_a_journal.py user_data/journal/<session>
"""

import sys
from collections import Counter
from pathlib import Path

from undertow.domain.command import SubmitOrder
from undertow.domain.engine_input import ReportReceived
from undertow.domain.event import PositionClosed
from undertow.domain.order import Purpose
from undertow.domain.report import OrderFilled
from undertow.storage.journal_files import JournalReader
from undertow.timeline.journal_record import RunEnded, RunStarted


def main(folder: Path) -> None:
    """Read the journal once, frame by frame, and print."""
    kinds: Counter[str] = Counter()
    sent: dict[str, int] = {}
    waits_ms: list[float] = []
    for record in JournalReader(folder).records():
        kinds[record.kind.name.lower()] += 1
        match record.value:
            case RunStarted() as started:
                print(f"run {started.run}: seed {started.seed}, {', '.join(started.strategies)}")
            case SubmitOrder(order=order, sent_ns=at_ns) if order.purpose is Purpose.ENTRY:
                sent[order.client_order_id] = at_ns
            case ReportReceived(receive_time_ns=at_ns, report=OrderFilled() as fill):
                if fill.client_order_id in sent:
                    waits_ms.append((at_ns - sent.pop(fill.client_order_id)) / 1e6)
            case PositionClosed() as trade:
                print(
                    f"  {trade.instrument_id:24} {trade.pnl.text:>14} {trade.pnl.currency}",
                    end="  ",
                )
                print(f"{trade.reason} (decided in {trade.entry_decision_id})")
            case RunEnded() as ended:
                print(f"ended: {ended.reason}, state {ended.state_hash}")
            case _:
                pass
    print(", ".join(f"{count} {kind}" for kind, count in kinds.most_common()))
    if waits_ms:
        print(f"entries were filled {min(waits_ms):.0f} to {max(waits_ms):.0f} ms after sending")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
