"""The one place where numba meets our code; everything else decorates with `compiled` or `cell`.

Kernels are compiled on first use and cached on disk. Fast-math stays off: results must be the same
bits however the input is split. Where no cache folder can be written (read-only install and home)
the kernel still compiles, only without a cache.

Numba looks only at a kernel's own file to tell whether its cached code is still good. Ours call
each other across files and take layouts and constants from others, so a cached kernel could outlive
what it was built from and write past its arrays. Each kernel's cache folder is therefore named by a
digest of its module and of every module of kernels and domain that this one imports, directly or
not: a change begins a new cache for whatever was built from it, and for nothing else.
"""

import hashlib
import re
import sys
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])

_IMPORT: Final = re.compile(
    r"^from (undertow\.(?:kernels|domain)[\w.]*) import (\([^)]*\)|.*)$", re.MULTILINE
)
_CONFIG: Final = vars(numba.config)  # its settings have no static types
_FOLDER: Final = str(_CONFIG["CACHE_DIR"] or files("undertow.kernels") / "__pycache__")


@cache
def _source(module: str) -> bytes | None:
    # None when the name is no module of ours and not loaded: it was imported from one, or typed in.
    first, *rest = module.split(".")
    if first == "undertow":
        path = files(first).joinpath(*rest[:-1], f"{rest[-1]}.py") if rest else files(first)
    else:
        path = Path(getattr(sys.modules.get(module), "__file__", None) or "")
    try:
        return path.read_bytes()
    except OSError:
        return None


def sources_of_module(module: str) -> tuple[str, ...]:
    """A module and what it imports of kernels and domain, directly or not, in order of name."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        source = _source(name) if name not in found else None
        if source is None:
            continue
        found.add(name)
        for package, names in _IMPORT.findall(source.decode()):
            waiting.append(package)
            waiting += [f"{package}.{word}" for word in re.findall(r"\w+", names)]
    return tuple(sorted(found))


@cache
def sources_digest(module: str) -> str:
    """A name for the sources that a module's kernels are made of; another source, another name."""
    digest = hashlib.blake2b(digest_size=8)
    for name in sources_of_module(module):
        digest.update(_source(name) or b"")
    return digest.hexdigest()


def with_cache(module: str, decorate: Callable[..., Any], **options: Any) -> Any:
    """`decorate(**options)` with a cache in the folder of the module's digest, where it can be."""
    _CONFIG["CACHE_DIR"] = f"{_FOLDER}/undertow-{sources_digest(module)}"
    try:
        return decorate(cache=True, **options)
    except RuntimeError:
        return decorate(**options)


def compiled(function: Function) -> Function:
    """Compile a function of arrays and scalars; arguments decide the machine types."""
    return cast(
        Function,
        with_cache(function.__module__, lambda **how: numba.njit(**how)(function), nogil=True),
    )


def cell(function: Function) -> Function:
    """Compile a cell: a small function of numbers and of a pointer to its own stretch of state.

    As `compiled`, but a division by zero answers inf or NaN as numpy does: a cell is called from
    code that cannot raise.
    """
    return cast(
        Function,
        with_cache(
            function.__module__,
            lambda **how: numba.njit(**how)(function),
            nogil=True,
            error_model="numpy",
        ),
    )
