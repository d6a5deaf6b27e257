"""The one place where numba meets our code; everything else decorates with `compiled`.

Kernels are compiled on first use and cached on disk. Fast-math stays off: results must be the same
bits however the input is split. Where no cache folder can be written (read-only install and home)
the kernel still compiles, only without a cache.

Numba looks only at a kernel's own file to tell whether its cached code is still good. Ours call
each other across files and take layouts and constants from others, so a cached kernel could outlive
what it was built from and write past its arrays. The cache folder is therefore named by a digest of
all sources that kernels are made of: any change begins a new cache.
"""

import hashlib
from collections.abc import Callable
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])

_SOURCES = (
    ("undertow.kernels", ""),
    ("undertow.domain", "market_event.py"),
    ("undertow.domain", "bar.py"),
    ("undertow.domain", "side.py"),
)


def _python_files(folder: Traversable) -> list[Traversable]:
    found: list[Traversable] = []
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            found += _python_files(entry)
        elif entry.name.endswith(".py"):
            found.append(entry)
    return found


def sources_digest() -> str:
    """A name for the sources that kernels are made of; another source, another name."""
    digest = hashlib.blake2b(digest_size=8)
    for package, name in _SOURCES:
        root = files(package)
        for entry in [root / name] if name else _python_files(root):
            digest.update(entry.read_bytes())
    return digest.hexdigest()


def _cache_folder() -> str:
    own = str(files("undertow.kernels") / "__pycache__")
    return f"{_CONFIG['CACHE_DIR'] or own}/undertow-{sources_digest()}"


_CONFIG = vars(numba.config)  # its settings have no static types
_CONFIG["CACHE_DIR"] = _cache_folder()


def compiled(function: Function) -> Function:
    """Compile a function of arrays and scalars; arguments decide the machine types."""
    try:
        return cast(Function, numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:
        return cast(Function, numba.njit(nogil=True)(function))
