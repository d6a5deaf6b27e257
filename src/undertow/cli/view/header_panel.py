"""The head of the screen: mode, time, speed, what is shut, and how each source is."""

from undertow.cli.view.figures import compact, count, span
from undertow.cli.view.line import Line
from undertow.cli.view.palette import ALARM, BAD, BANNER, CAUTION, DIM, GOOD, STRONG, TEXT, WARN
from undertow.cli.view.view_state import ViewState
from undertow.domain.time import NS_PER_MS, NS_PER_S, utc_text
from undertow.engine.engine import Engine
from undertow.flow.source_flow import SourceFlow
from undertow.risk.breakers import LADDER_CLOSE_ALL

DRAWDOWN_STOP = 3
_GAP = "   "
_SOURCE_GAP = 2
_LONGEST_MS_NS = 10 * NS_PER_S


def header(
    engine: Engine, state: ViewState, *, mode: str, speed_text: str, width: int
) -> list[Line]:
    """Two lines, and the sources on as many more as they need."""
    first, right = _identity(engine, mode), doors(engine)
    first.add(" " * max(1, width - first.width - right.width), "").join(right)
    pace = Line(("speed ", DIM), (speed_text, STRONG), (f" ({state.speed:.1f} reached)", DIM))
    named = (
        ("up", span(state.uptime_ns)),
        ("rows/s", compact(state.rows_per_s)),
        ("rows", count(engine.memory.counters.rows)),
    )
    for name, value in named:
        pace.add(f"{_GAP}{name} ", DIM).add(value)
    return [first, pace, *_sources(engine, width)]


def doors(engine: Engine) -> Line:
    """Whether entries are allowed, and what shuts them; the gravest first."""
    risk = engine.risk.state
    if risk.is_killed:
        return Line((f" KILL SWITCH: {risk.kill_reason} ", ALARM))
    if risk.ladder_level >= LADDER_CLOSE_ALL:
        return Line((" DAILY LOSS LIMIT: entries shut until 00:00 UTC ", ALARM))
    if risk.drawdown_level >= DRAWDOWN_STOP:
        return Line((" DRAWDOWN STOP: resume by hand ", ALARM))
    if engine.now_ns < risk.drawdown_pause_until_ns:
        left = span(risk.drawdown_pause_until_ns - engine.now_ns)
        return Line((f" DRAWDOWN PAUSE, {left} left ", CAUTION))
    if risk.is_paused:
        return Line((" ENTRIES PAUSED ", CAUTION))
    words = Line(("entries open", GOOD))
    cooling = sum(until > engine.now_ns for until in risk.cooldown_until_ns.values())
    if cooling:
        words.add(f"{_GAP}{cooling} cooling down", WARN)
    if risk.ladder_level:
        words.add(f"{_GAP}loss ladder {risk.ladder_level}", WARN)
    return words


def _identity(engine: Engine, mode: str) -> Line:
    time = utc_text(engine.now_ns)
    shown = f"{time[:10]} {time[11:21]}" if engine.now_ns else "waiting for the market"
    line = Line((" UNDERTOW ", STRONG), (f" {mode.upper()} ", BANNER))
    return line.add(f"  {shown}").add(" UTC", DIM)


def _sources(engine: Engine, width: int) -> list[Line]:
    # Each source in its own words, in columns, as many on a line as fit.
    words = [_source(engine, engine.flow.source(i)) for i in range(len(engine.sources))]
    wide = max(line.width for line in words) + _SOURCE_GAP
    fitting = max(1, (width + _SOURCE_GAP) // wide)
    lines = []
    for first in range(0, len(words), fitting):
        line = Line()
        for one in words[first : first + fitting]:
            line.join(one.fitted(wide))
        lines.append(line)
    return lines


def _source(engine: Engine, source: SourceFlow) -> Line:
    if not source.progress_ns:
        return Line(("○ ", DIM), (f"{source.name} silent", DIM))
    lag_ns = engine.now_ns - source.last_receive_ns
    lag = f"{lag_ns // NS_PER_MS:>3}ms" if lag_ns < _LONGEST_MS_NS else f"{span(lag_ns):>5}"
    is_well = source.is_healthy
    line = Line(("● " if is_well else "○ ", GOOD if is_well else BAD))
    line.add(source.name, TEXT if is_well else BAD)
    line.add(f" {source.clock_offset_ns / NS_PER_MS:+3.0f}ms", DIM)
    line.add(f" {lag}", DIM if is_well else BAD)
    return line.add(f" {source.gaps} gaps", WARN) if source.gaps else line
