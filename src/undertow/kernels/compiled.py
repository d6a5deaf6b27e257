"""The one place where numba meets our code; everything else decorates with `compiled` or `cell`.

Kernels are compiled on first use, together with the kernels they call (`whole_kernel`), and cached
on disk. Fast-math stays off: results must be the same
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
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final, TypeVar, cast

import numba

from undertow.kernels.whole_kernel import whole_kernel

Function = TypeVar("Function", bound=Callable[..., object])

_IMPORT: Final = re.compile(
    r"^from (undertow\.(?:kernels|domain)[\w.]*) import (\([^)]*\)|.*)$", re.MULTILINE
)
_KERNELS: Final = "undertow.kernels"
_CONFIG: Final = vars(numba.config)  # its settings have no static types
_FOLDER: Final = str(_CONFIG["CACHE_DIR"] or files(_KERNELS) / "__pycache__")


@cache
def _source(module: str) -> bytes | None:
    # None when the name is no module of ours: it was something imported from one, or a folder.
    first, *rest = module.split(".")
    path = files(first).joinpath(*rest[:-1], f"{rest[-1]}.py") if rest else files(first)
    try:
        return path.read_bytes()
    except OSError:
        return None


def _every_kernel(folder: Traversable, package: str) -> list[str]:
    found: list[str] = []
    for entry in folder.iterdir():
        name = f"{package}.{entry.name.removesuffix('.py')}"
        found += _every_kernel(entry, name) if entry.is_dir() else [name]
    return found


def sources_of_module(module: str) -> tuple[str, ...]:
    """A module and what it imports of kernels and domain, directly or not, in order of name.

    Of a module that is not ours, a user's own kernels, we cannot know: all kernels count.
    """
    found: set[str] = set()
    is_ours = module.startswith("undertow.")
    waiting = [module] if is_ours else _every_kernel(files(_KERNELS), _KERNELS)
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
        with_cache(function.__module__, lambda **how: whole_kernel(function, **how), nogil=True),
    )


def inlined(function: Function) -> Function:
    """As `compiled`, for a step of a hot loop: its code is put where it is called.

    An array is seven numbers to hand over; where a row takes a few nanoseconds, calls cost more.
    """
    return cast(
        Function,
        with_cache(
            function.__module__,
            lambda **how: numba.njit(**how)(function),
            nogil=True,
            forceinline=True,
        ),
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
            lambda **how: whole_kernel(function, **how),
            nogil=True,
            error_model="numpy",
        ),
    )
