"""Kernels compiled whole: what a kernel calls becomes a part of it and is not finished by itself.

Numba finishes every function it compiles: wrappers for Python, optimised machine code, a file in
the cache. Of a tree of a hundred kernels only the one that Python calls needs that. Here a kernel
met while another is being compiled stays plain code, a part; the one that Python calls is optimised
once, with all its parts in it. A first start takes half the time, and the code is as fast.

A part that Python calls later is compiled for itself then. A part whose finished code is in the
cache on disk is taken from there. Built on numba's own classes, below what it promises to keep: the
tests here tell when a new release moved them.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from numba import core
from numba.core.compiler_lock import global_compiler_lock

_core: Final[Any] = core  # it has no static types
_lock: Final[Any] = global_compiler_lock


class _Nesting:
    # How many compilations are under way around the next one; touched under numba's lock only.
    depth = 0


@contextmanager
def compiling_whole() -> Iterator[None]:
    """Kernels that are compiled inside become parts of what is compiled here.

    The collector rests meanwhile: it would walk through the compiler's many objects again and
    again, a ninth of the time, and find little.
    """
    with _lock:
        is_outermost = _Nesting.depth == 0 and gc.isenabled()
        if is_outermost:
            gc.disable()
        _Nesting.depth += 1
        try:
            yield
        finally:
            _Nesting.depth -= 1
            if is_outermost:
                gc.enable()


class _PartLibrary(_core.codegen.JITCodeLibrary):  # type: ignore[misc]
    # Code that is only linked into other code: neither optimised nor made machine code by itself.
    def finalize(self) -> None:
        self._raise_if_finalized()
        for library in dict.fromkeys(self._linking_libraries):
            self._reload_init.update(library._reload_init)
            self._final_module.link_in(library._get_module_for_linking(), preserve=True)
        self._finalized = True


class _KernelCompiler(_core.dispatcher._FunctionCompiler):  # type: ignore[misc]
    def fold_argument_types(self, args: Any, kws: Any) -> Any:
        # A Python integer in a kernel's source is a type of its own, for which the kernel it is
        # passed to would be compiled anew.
        signature, folded = super().fold_argument_types(args, kws)
        return signature, tuple(
            _core.types.unliteral(kind) if isinstance(kind, _core.types.IntegerLiteral) else kind
            for kind in folded
        )

    def _compile_core(self, args: Any, return_type: Any) -> Any:
        flags = _core.compiler.Flags()
        self.targetdescr.options.parse_as_flags(flags, self.targetoptions)
        context = self.targetdescr.target_context
        library = None
        if _Nesting.depth:
            flags.no_cpython_wrapper = flags.no_cfunc_wrapper = flags.no_compile = True
            library = _PartLibrary(context.codegen(), self.py_func.__qualname__)
            library.enable_object_caching()
        with compiling_whole():
            made = _core.compiler.compile_extra(
                self.targetdescr.typing_context,
                context,
                self.py_func,
                args=args,
                return_type=return_type,
                flags=flags,
                locals=self.locals,
                library=library,
                pipeline_class=self.pipeline_class,
            )
        if library is None:
            # Numba does this when it makes a function callable, and parts never are.
            for environment in made._find_referenced_environments():
                made.library.codegen.set_env(environment.env_name, environment)
        return made


class _KernelCache(_core.caching.FunctionCache):  # type: ignore[misc]
    def save_overload(self, sig: Any, data: Any) -> None:
        if not isinstance(data.library, _PartLibrary):
            super().save_overload(sig, data)


class WholeKernel(_core.registry.CPUDispatcher):  # type: ignore[misc]
    """A compiled kernel: callable from Python, and from other kernels as a part of them."""

    def __init__(self, py_func: Callable[..., Any], *args: Any, **options: Any) -> None:
        super().__init__(py_func, *args, **options)
        plain: Any = vars(self)["_compiler"]
        self._compiler = _KernelCompiler(
            py_func, plain.targetdescr, plain.targetoptions, plain.locals, plain.pipeline_class
        )

    def enable_caching(self) -> None:
        """Keep finished code on disk; raises RuntimeError where no folder can be written."""
        self._cache = _KernelCache(self.py_func)

    @property
    def is_on_disk(self) -> bool:
        """Whether finished code of this kernel, of some argument types, lies in the cache."""
        stored = getattr(self._cache, "_cache_file", None)
        return stored is not None and bool(stored._load_index())

    @property
    def is_kept(self) -> bool:
        """Whether there is a cache to keep finished code in."""
        return isinstance(self._cache, _KernelCache)

    def compile(self, sig: Any) -> Any:
        """Compile for argument types: whole when Python asks, as a part when a kernel does."""
        with _lock:
            args = tuple(_core.sigutils.normalize_signature(sig)[0])
            known = self.overloads.get(args)
            if known and not _Nesting.depth and isinstance(known.library, _PartLibrary):
                del self.overloads[args]
            return super().compile(sig)

    def add_overload(self, cres: Any) -> None:
        """Take in what was compiled; Python is led only to code that it can call."""
        if not isinstance(cres.library, _PartLibrary):
            super().add_overload(cres)
            return
        # Numba tells functions apart by their entry points, and a part has none.
        part = cres._replace(entry_point=object())
        part.fndesc.typemap = part.fndesc.calltypes = None  # numba drops them when it saves
        self.targetctx.insert_user_function(part.entry_point, part.fndesc, [part.library])
        self.overloads[tuple(part.signature.args)] = part


def whole_kernel(
    function: Callable[..., Any], *, cache: bool = False, **options: Any
) -> WholeKernel:
    """`function` as a kernel; `options` are numba's. Raises RuntimeError as `enable_caching`."""
    kernel = WholeKernel(function, targetoptions={"nopython": True, "boundscheck": None, **options})
    if cache:
        kernel.enable_caching()
    return kernel
