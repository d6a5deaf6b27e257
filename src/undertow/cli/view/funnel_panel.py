"""The funnel of each strategy: how far its evaluations come, and why the others stop."""

from math import log1p

from undertow.cli.view.figures import count
from undertow.cli.view.gauge import meter
from undertow.cli.view.line import Line, tabulated
from undertow.cli.view.palette import ACCENT, DIM, GOOD, STRONG, TEXT, WARN
from undertow.decision.funnel import FunnelRow, LevelCount
from undertow.domain.intent import Action
from undertow.engine.engine import Engine

_METER = 10
_BLOCKS = "▁▂▃▄▅▆▇█"
_ENTER, _EXIT = Action.ENTER.value, Action.EXIT.value


def funnel_panel(engine: Engine, *, height: int) -> list[Line]:
    """Each strategy level by level while there is room; else its skyline and what stops most."""
    refused = refusals(engine)
    rows = [
        (strategy.strategy_id, engine.host.funnel.total(strategy.strategy_id))
        for strategy in engine.host.strategies
    ]
    spare = height - len(rows) - len(refused)
    lines: list[Line] = []
    for name, row in rows:
        if len(row.levels) <= spare:
            spare -= len(row.levels)
            lines += [_headline(name, row), *_levels(row)]
        else:
            reasons = _reasons(row)
            shown = reasons[: max(0, spare)]
            spare -= len(shown)
            skyline = _skyline(name, row)
            if not shown and reasons:
                skyline.join(reasons[0])
            lines += [skyline, *shown]
    return [*lines, *refused]


def refusals(engine: Engine) -> list[Line]:
    """What risk refused, by code, the most frequent first; nothing when nothing was."""
    ranked = _ranked(engine.memory.counters.refused)
    return [Line(("risk refused  ", WARN), (ranked, DIM))] if ranked else []


def _headline(name: str, row: FunnelRow) -> Line:
    entries, exits = row.outcomes.get(_ENTER, 0), row.outcomes.get(_EXIT, 0)
    line = Line((name, STRONG), (f"  looked {count(row.evaluations)} times", DIM))
    return line.add(f"  {count(entries)} entries", GOOD).add(f"  {count(exits)} exits", ACCENT)


def _levels(row: FunnelRow) -> list[Line]:
    cells = [
        [
            Line((f" {name}", TEXT)),
            Line((meter(_share(level.passed, row.evaluations), _METER), ACCENT)),
            Line((f"{count(level.passed):>5}", TEXT)),
            Line((_ranked(level.stopped), DIM)),
        ]
        for name, level in row.levels.items()
    ]
    return tabulated((), cells, left=4)


def _skyline(name: str, row: FunnelRow) -> Line:
    # The share that passes each level, one block a level.
    steps = "".join(_step(level.passed, row.evaluations) for level in row.levels.values())
    line = Line((name, STRONG), (f"  {count(row.evaluations)} ", DIM), (steps, ACCENT))
    return line.add(f" {count(row.outcomes.get(_ENTER, 0))} in", GOOD)


def _reasons(row: FunnelRow) -> list[Line]:
    # Levels that stop anything and why, the one that stops most first.
    stopping = [(name, level) for name, level in row.levels.items() if _stopped(level)]
    stopping.sort(key=lambda pair: -_stopped(pair[1]))
    return [Line((f"  {name}: ", TEXT), (_ranked(level.stopped), DIM)) for name, level in stopping]


def _ranked(counts: dict[str, int]) -> str:
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return "  ".join(f"{code} {count(number)}" for code, number in ranked)


def _stopped(level: LevelCount) -> int:
    return sum(level.stopped.values())


def _share(passed: int, evaluations: int) -> float:
    # By logarithm: the last levels see one evaluation in thousands.
    return log1p(passed) / log1p(evaluations) if evaluations else 0.0


def _step(passed: int, evaluations: int) -> str:
    if not passed:
        return "·"
    return _BLOCKS[min(len(_BLOCKS) - 1, int(_share(passed, evaluations) * len(_BLOCKS)))]
