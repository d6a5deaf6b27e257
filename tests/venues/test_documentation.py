import re
from pathlib import Path


def test_the_example_of_the_page_runs(root: Path) -> None:
    page = (root / "docs" / "venues.md").read_text()
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == 1
    for block in blocks:
        exec(compile(block, "docs/venues.md", "exec"), {})
