import subprocess
import sys


def test_describing_a_figure_imports_no_drawing_library() -> None:
    code = (
        "import sys, undertow.plot; print([name for name in ('matplotlib', 'plotly', 'PIL')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
