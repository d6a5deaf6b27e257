"""The page on our own honesty: what the study measured, in plain words, from its kept results."""

from undertow.backtest.honesty.honesty_plan import Part
from undertow.backtest.honesty.honesty_study import HonestyResults
from undertow.backtest.honesty.honesty_tables import (
    ALARM_WORDS,
    CHECKS,
    SIZE,
    alarm_table,
    all_laws,
    coverage_table,
    edge_table,
    percent,
    pooled_searches,
    power_tables,
    search_table,
    share,
    surplus,
    zoo_counts,
    zoo_table,
)
from undertow.backtest.honesty.market_search import PBO_BLOCKS, RANDOM_RESAMPLES
from undertow.backtest.honesty.measured import Measured
from undertow.backtest.honesty.significance_battery import FAMILY, RESAMPLES
from undertow.backtest.honesty.zoo import CLEAN, PEEKS

COMMAND = "undertow study honesty"
PROMISE = 0.05
"""The gate lets at most this share of noise pass."""

_FAR = 3.0
"""Standard errors beyond which a deviation is called one."""

LEAST_SAMPLES = 50
"""Fewer say nothing of a test or an interval."""

_COVERED = 0.95


def honesty_page(results: HonestyResults, folder: str) -> str:
    """The page, in Markdown. folder: of the figures, beside the page."""
    parts = [
        "# Honesty: how often our own statistics are wrong",
        _opening(results),
        "## In short",
        "\n".join(f"* {line}" for line in (*short(results), *shortcomings(results))),
        "## False alarms: tests on pure noise",
        _ALARMS,
        alarm_table(results),
        f"![False alarms at 5 %]({folder}/alarms.png)",
        _overfitting(results),
        "## Power: how often an edge is seen",
        _POWER,
        power_tables(results),
        f"![Power over three years]({folder}/power.png)",
        "## Intervals: how often they hold the truth",
        _COVERAGE,
        coverage_table(results),
        "## The gate: searches on noise",
        _search_words(results),
        search_table(results),
        "## The gate: a real edge",
        _EDGE,
        edge_table(results),
        "## Bias detectors: the zoo",
        _ZOO,
        zoo_table(results),
        "## How it was done",
        _method(results),
    ]
    return "\n\n".join(parts) + "\n"


def short(results: HonestyResults) -> list[str]:
    """What the study says of the gate and the detectors, a sentence each."""
    lines = []
    searches = pooled_searches(results)
    most = max(results.plan.tries)
    for tries in sorted(results.plan.tries, reverse=True):
        passed = searches.get(f"passed@{tries}")
        if passed is None or not passed.count:
            continue
        line = f"**Best of {tries:,} on noise** passed the gate in {share(passed)}."
        lines.append(line + (f" {_promise(passed.share_interval)}" if tries == most else ""))
        if tries == most:
            lines.append(_alone(searches, tries))
    for name, found in results.of(Part.EDGE).items():
        if not name.startswith("Sharpe 2,"):
            continue
        ways = [
            f"{'alone' if tries == 1 else f'as the best of {tries}'} in "
            f"{share(found[f'passed@{tries}'])}"
            for tries in results.plan.edge_tries
        ]
        lines.append(
            f"**A real edge ({name}, {results.plan.years} years)** passed "
            f"{', '.join(ways)}; stopped by: {_stoppers(found, results.plan.edge_tries)}."
        )
    lines.append(
        f"**Detectors**: looking ahead was found out in {share(zoo_counts(results, PEEKS))} looks; "
        f"honest strategies were accused in {share(zoo_counts(results, CLEAN))}."
    )
    return lines


def shortcomings(results: HonestyResults) -> list[str]:
    """Tests that raise too many alarms, or few, and intervals that hold the truth too rarely."""
    loose: list[str] = []
    strict: list[str] = []
    for name, words in ALARM_WORDS.items():
        found = all_laws(results).get(f"{name}@{SIZE:g}")
        if found is None or found.count < LEAST_SAMPLES or name == "naive":
            continue
        far = surplus(found, SIZE)
        (loose if far > _FAR else strict if far < -_FAR else []).append(
            f"{words} ({percent(found)} %)"
        )
    lines = [
        f"**Too many false alarms** at 5 %: {', '.join(loose) or 'no test, within 3 errors'}.",
        f"**Fewer than 5 %**, so severe: {', '.join(strict) or 'no test, within 3 errors'}.",
    ]
    short_of = [
        f"{name} on {law} returns ({percent(found)} %)"
        for law, answers in results.of(Part.COVERAGE).items()
        for name, found in answers.items()
        if found.count >= LEAST_SAMPLES and surplus(found, _COVERED) < -_FAR
    ]
    lines.append(f"**Intervals that promise too much**: {', '.join(short_of) or 'none seen'}.")
    return lines


def _alone(searches: dict[str, Measured], tries: int) -> str:
    told = (("the deflated Sharpe ratio", "deflated_sharpe"), ("random entries", "random_entries"))
    parts = [f"{words} {share(searches[f'check {name}@{tries}'])}" for words, name in told]
    return (
        f"Of the winners among {tries:,}, single checks would have let pass: {', '.join(parts)}. "
        "The gate asks for all of its checks at once."
    )


def _promise(interval: tuple[float, float]) -> str:
    low, high = interval
    if high <= PROMISE:
        return "At most 5 % is the promise: kept, the whole interval lies below."
    if low > PROMISE:
        return "At most 5 % is the promise: **broken**."
    return "At most 5 % is the promise: not decided by so few searches."


def _stoppers(answers: dict[str, Measured], tries: tuple[int, ...]) -> str:
    parts = []
    for count in tries:
        failed = {
            name: 1.0 - answers[f"check {name}@{count}"].mean
            for name in CHECKS
            if f"check {name}@{count}" in answers
        }
        named = [
            f"{name} {100 * failed[name]:.0f} %"
            for name in sorted(failed, key=lambda name: -failed[name])
            if failed[name] > 0.0
        ]
        where = "alone" if count == 1 else f"best of {count}"
        parts.append(f"{where}: {', '.join(named) or 'nothing'}")
    return "; ".join(parts)


def _opening(results: HonestyResults) -> str:
    plan = results.plan
    is_whole = results.jobs == results.planned
    part = "" if is_whole else " It was ended early; counts are in the tables."
    real = (
        f"{results.recorded:,} hours of real candles were shuffled."
        if results.recorded
        else "No real candles were at hand: the cases with shuffled ones are left out."
    )
    return (
        f"Made by `{COMMAND}` on {results.date}, version {results.version}, {results.machine}: the "
        f"{plan.name} plan, seed {plan.seed}, {results.jobs:,} of {results.planned:,} jobs in "
        f"{results.minutes:.0f} minutes.{part} {real} Every number below is in `results.json` "
        "beside the figures. Percentages come with their standard error (±) or with a 95 % "
        "interval (Wilson). `--quick` is the short form that the tests run; `--remake` writes the "
        "page anew from kept results; `--candles FILE` shuffles real candles."
    )


_ALARMS = (
    "Daily returns of a year without any edge; each test asks whether there is one. The share that "
    "says yes should be the size of the test, 5 % or what the column says. More: the test cries "
    "wolf. Less: it is severe, and misses more than it need. Ledoit-Wolf compares two worthless "
    f"strategies. Corrections and reality checks look at a family of {FAMILY} strategies of one "
    "market (correlation 0.3) and should find nothing in any of them; the line that is not "
    "corrected shows what happens to those who test twenty and tell of one. The deflated Sharpe "
    "ratio asks whether the best is better than the best of so many worthless ones would be, "
    "which noise exceeds half of the time but not by much: it is no 5 % test. The minimum track "
    "record says `long enough` exactly when the probabilistic Sharpe ratio says yes."
)

_POWER = (
    "Returns with fat tails and a known yearly Sharpe ratio. In percent: how often the test sees "
    "it at 5 %. Of families only column 0 has the edge, and only finding that one counts (white, "
    "spa and the deflated ratio answer for the family's best). Random entries see trades that are "
    "held ten days on average. The column of a losing strategy (Sharpe -2) must be near zero: a "
    "test that ignores the sign fails there. A low number is no mistake of the test: a year of a "
    "Sharpe ratio of 0.5 cannot be told from luck by anything."
)

_COVERAGE = (
    "A year of days with known mean and deviation; in percent, how often the 95 % interval holds "
    "the true number, or for the drawdown that of a fresh sample. `Sharpe`, `Sortino` and the "
    "others are those shown beside the headline numbers; percentile and BCa are alternatives, for "
    "comparison. Clustered volatility is a warning: a year of it does not show how far volatility "
    "can go."
)

_EDGE = (
    "Hourly bars with fat tails in which the price drifts up in half of the blocks, known to one "
    "strategy only, and down in the others. The Sharpe ratio is the true one; what a "
    "sample shows scatters by about 0.6 over three years. Alone: the strategy was the only try. "
    "Best of 100: it was tried with 99 blind ones and has to be chosen first. Checks in percent of "
    "the chosen ones that passed them. A profit factor says less about many small trades than "
    "about few large ones: the same Sharpe ratio has a lower one when it trades more often."
)

_ZOO = (
    "Strategies that look ahead, each in another way, and honest ones, on random markets of 900 "
    "minutes that differ from look to look. A detector sees what changes when the future is taken "
    "away; a look ahead that changes nothing on a market is not seen on it."
)


def _search_words(results: HonestyResults) -> str:
    return (
        f"On {results.plan.years} years of hourly bars of a random walk (shuffled candles: as many "
        "hours as there are) crossings of two averages are tried, long and short, without any "
        "costs: no try has an edge, and none loses on average, which is the hardest case. The best "
        "Sharpe ratio is judged by the gate with its defaults: every try counted by the deflated "
        f"Sharpe ratio, random entries ({RANDOM_RESAMPLES} draws), probability of overfitting "
        f"({PBO_BLOCKS} blocks). Smaller searches are the first tries of the larger ones. `Coin "
        "tosses` are strategies that are long in blocks drawn by chance: independent tries, "
        "won as often as lost, so that win rate and profit factor do not give them away. Checks: "
        "percent of the winners that passed each."
    )


def _overfitting(results: HonestyResults) -> str:
    found = all_laws(results)
    if "pbo" not in found:
        return "The probability of backtest overfitting was not looked at."
    return (
        f"The probability of backtest overfitting of these families was {percent(found['pbo'])} % "
        "on average, where one half is right; it was below 0.5, which the gate asks for, in "
        f"{percent(found['pbo below 0.5'])} %. It judges a search, and alone stops about half of "
        "the worthless ones."
    )


def _method(results: HonestyResults) -> str:
    return (
        "* **Noise.** `normal`; `fat tails`: Student, 4 degrees of freedom; `clustered`: GARCH of "
        "0.10 and 0.85 with Student innovations; shuffled: hourly returns of real candles in "
        "random order, their mean taken off. For intervals also `trending` (AR(1), 0.3) and "
        "`crashing` (skewness -2).\n"
        f"* **Tests.** Bootstraps and random entries draw {RESAMPLES} times in each sample.\n"
        "* **Jobs** have their own seeds: the same numbers in one process or in many, a part of "
        "them when the study ends early. They are done in turn over all cases.\n"
        "* **What it does not show.** Markets that change their nature; costs and fills; searches "
        "that are not written down; bias detectors on strategies unlike those of the zoo. The gate "
        "is given that no look-ahead was found, so that only its numbers decide.\n"
        "\nA sample and its p-values:\n\n"
        "```python\n"
        "import numpy as np\n"
        "from undertow.backtest.honesty.noise_sample import noise_sample\n"
        "from undertow.backtest.honesty.significance_battery import single_p_values\n\n"
        "rng = np.random.default_rng(1)\n"
        'sample = noise_sample("fat tails", 365, rng, np.empty(0))\n'
        "assert all(0.0 < value < 1.0 for value in single_p_values(sample, rng).values())\n"
        "```"
    )
