"""The "did you mean" half of an error message."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """Return " did you mean 'x'?" for the nearest option, or the list of options when none is near.

    The answer starts with a space so that it can be appended to a message; it is empty when there
    are no options at all.
    """
    known = sorted(set(options))
    if not known:
        return ""
    folded = {option.casefold(): option for option in known}
    near = get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    if near:
        return f" did you mean {folded[near[0]]!r}?"
    shown = ", ".join(known[:12]) + (", ..." if len(known) > 12 else "")
    return f" known: {shown}"
