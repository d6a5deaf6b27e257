import os
import subprocess
import sys
from pathlib import Path

from undertow.live.cold_start import (
    compile_flow,
    compile_indicators,
    compile_kernels,
    compile_market,
    compile_matching,
    compile_readings,
    is_cold,
)


def test_a_machine_is_cold_until_something_was_compiled(package: Path, tmp_path: Path) -> None:
    code = "from undertow.live.cold_start import is_cold; print(is_cold())"
    cold = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(package.parent)}
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=cold
    )
    assert shown.stdout == "True\n"


def test_compiling_again_is_harmless() -> None:
    compile_flow()
    compile_matching()
    compile_market()
    compile_indicators()
    compile_readings()
    compile_kernels()
    assert not is_cold()
