"""The detection study as a page of the docs and as JSON, both from one report."""

from math import isnan

import msgspec

from undertow.backtest.detection.day_plan import ASSET, BLOCK_NS, RATES
from undertow.backtest.detection.detector_catalog import DETECTORS
from undertow.backtest.detection.power import Estimate, Power
from undertow.backtest.detection.study import DetectorReport, StudyReport

POOR = 0.5
"""A detector with less precision or less recall than this detects poorly."""

AIM = 200
"""Days with every pattern that a whole study has."""

COMMAND = "undertow study detectors"


class Circumstances(msgspec.Struct, frozen=True):
    """When and where the study ran: for the reader, not for the figures."""

    date: str
    machine: str
    version: str


def study_json(report: StudyReport, where: Circumstances) -> bytes:
    """Everything as one JSON document; what is not defined is null."""
    whole = {"circumstances": where, "study": report}
    return msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n"


def study_page(report: StudyReport, where: Circumstances) -> str:
    """The page, in Markdown."""
    parts = [
        "# Detection study: what the detectors find, and what they cry wolf at",
        _opening(report, where),
        "## With the defaults",
        _default_table(report),
        "## A better threshold",
        _choice_table(report),
        "## Wall against spoof",
        _lookalike_table(report),
        "## What the table says",
        "\n".join(f"* {verdict(one)}" for one in report.detectors),
        "## How it was done",
        _method(report),
        "## Thresholds tried",
        _curves(report),
    ]
    return "\n\n".join(parts) + "\n"


def verdict(one: DetectorReport) -> str:
    """A sentence on one detector: whether its default detects poorly, and what would be better."""
    name, power, choice = f"**{one.name}**", one.at_default, one.choice
    if not power.episodes:
        return f"{name}: no episode, nothing to say."
    figures = f"precision {power.precision.value:.2f}, recall {power.recall.value:.2f}"
    weak = [
        what
        for what, estimate in (("precision", power.precision), ("recall", power.recall))
        if not estimate.value >= POOR
    ]
    poorly = f"detects poorly ({' and '.join(weak)} below {POOR})" if weak else "detects well"
    text = f"{name} at its default of {one.default:g} {poorly}: {figures}."
    if choice.is_better:
        text += (
            f" Better: {choice.threshold:g}, with F1 {choice.chosen.f1:.2f} instead of "
            f"{choice.default.f1:.2f} on the days that did not choose it."
        )
        if not choice.chosen.f1 >= POOR:
            text += " That is still poor."
    else:
        text += " No threshold tried did better on the days that did not choose it."
    return text


def _opening(report: StudyReport, where: Circumstances) -> str:
    hours = report.seconds / 3_600.0
    early = "" if report.days >= AIM else f" (a whole study has {AIM}; this one ended early)"
    return (
        f"Made by `{COMMAND}` (`make study`) on {where.date}, version {where.version}, "
        f"{where.machine}: **{report.days} seeded days**{early} of {hours:g} h with every pattern, "
        f"{report.null_days} null days with one kind left out each, {report.quiet_days} quiet days "
        f"with no pattern and no regime; {report.rows / 1e6:.0f} million rows, "
        f"{report.cpu_s / 60.0:.0f} minutes of processor time. Figures with 95 % intervals "
        "(bootstrap over whole days). The same figures, and the curves with their intervals, are "
        "in `study.json` beside this page.\n\n"
        "The market is [synthetic](../synthetic_market.md): these are figures about detectors on "
        "planted patterns, weak ones included, and no promise about any real market."
    )


def _default_table(report: StudyReport) -> str:
    lines = [
        "| detector | row | finds | default | episodes | precision | recall | delay, median / 90 % "
        "| alarms a day without it | on a quiet market |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for one in report.detectors:
        detector, power = DETECTORS[one.name], one.at_default
        sign = ">=" if detector.is_least else "<="
        cells = (
            one.name,
            one.row,
            ", ".join(detector.kinds),
            f"{one.threshold} {sign} {one.default:g}",
            str(power.episodes),
            interval(power.precision),
            interval(power.recall),
            _delay(power),
            f"{interval(one.null, 1)}, {one.null_days} days",
            f"{interval(one.quiet, 1)}, {one.quiet_days} days",
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _choice_table(report: StudyReport) -> str:
    lines = [
        "The threshold of the best F1 on every other day, judged on the days between, where it was "
        "not chosen; the default on the same days beside it.",
        "",
        "| detector | default | its precision | its recall | its F1 | better | precision | recall "
        "| F1 | delay, median / 90 % |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for one in report.detectors:
        default, chosen = one.choice.default, one.choice.chosen
        cells = (
            one.name,
            f"{one.default:g}",
            interval(default.precision),
            interval(default.recall),
            number(default.f1),
            f"{one.choice.threshold:g}" if one.choice.is_better else "none",
            interval(chosen.precision),
            interval(chosen.recall),
            number(chosen.f1),
            _delay(chosen),
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _lookalike_table(report: StudyReport) -> str:
    lines = [
        "Share of the planted episodes in which the detector fires, of its own kind and of the "
        "other, at the default and at the better threshold.",
        "",
        "| detector | own, default | other, default | own, better | other, better |",
        "| --- | --- | --- | --- | --- |",
    ]
    for one in report.detectors:
        if not DETECTORS[one.name].lookalikes:
            continue
        cells = (
            one.name,
            interval(one.at_default.recall),
            interval(one.mistaken),
            interval(one.choice.chosen.recall),
            interval(one.mistaken_better),
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _curves(report: StudyReport) -> str:
    lines = ["Threshold: precision / recall, over all days with every pattern.", ""]
    for one in report.detectors:
        points = ", ".join(
            f"{threshold:g}: {number(power.precision.value)} / {number(power.recall.value)}"
            for threshold, power in one.curve
        )
        lines.append(f"* {one.name}: {points}")
    return "\n".join(lines)


def _method(report: StudyReport) -> str:
    rates = ", ".join(
        f"{name} {getattr(RATES, name):g}"
        for name in RATES.__struct_fields__
        if getattr(RATES, name) > 0.0
    )
    return (
        f"* **Market.** One asset (`{ASSET.name}`: {ASSET.orders_per_s:g} orders a second on a "
        f"venue of weight 1, {ASSET.volatility_percent:g} % a year, tick 1 bp) with spot and perp "
        f"on three venues, in blocks of {BLOCK_NS // 10**9} s; regimes change, venues fail. "
        f"Patterns per hour: {rates}. Strengths are drawn as stated in the table of the synthetic "
        "market; most ranges reach down to what noise hides.\n"
        "* **Looks.** Detectors of one instrument watch the leading venue's perp; a look comes "
        "every 5 s (books, absorption 10 s; minutes 60 s) and sees what was received by then.\n"
        "* **Detection.** A look whose score passes the threshold; after it the detector is silent "
        "on that side for its silence (60 s, sweep 10 s, minute series longer), whether the "
        "condition lasts or not.\n"
        "* **Match.** A detection finds an episode of its kind when the sides agree and it lies "
        "between the episode's start and its end plus the grace (30 s, sweep 10 s, minute series "
        "longer). An episode is found once; further detections inside it count neither way; "
        "detections in no episode are false, other planted patterns being no excuse.\n"
        "* **Delay** runs from the episode's start to the end of the look, found episodes only.\n"
        "* The first 20 minutes of a day are not judged, two hours by detectors of minute series.\n"
        "* **Null.** The rate of the detector's patterns is 0 and everything else the same. "
        "**Quiet**: no pattern, no regime. Alarms are detections of either side.\n"
        "* **Variants.** Rows with a window, a lag or pivots in their name differ from the default "
        "in those; `regime, wider` looks at 10 minutes, 0.75 usual sizes, 2 minutes in a row "
        "and edges of 0.45 of the range. They were chosen on six of the days.\n"
        "* Rates of patterns are far above life's, and precision depends on them: with half as "
        "many episodes and the same false alarms it is lower. The null column does not."
    )


def _delay(power: Power) -> str:
    if isnan(power.delay_median_s):
        return "none found"
    return f"{power.delay_median_s:.0f} / {power.delay_90_s:.0f} s"


def interval(estimate: Estimate, digits: int = 2) -> str:
    """`value (low to high)`, the value alone of too few days, a dash where nothing can be said."""
    if isnan(estimate.value):
        return "-"
    low, high = estimate.low, estimate.high
    if isnan(low):
        return f"{estimate.value:.{digits}f}"
    return f"{estimate.value:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def number(value: float) -> str:
    """Two digits, or a dash where nothing can be said."""
    return "-" if isnan(value) else f"{value:.2f}"
