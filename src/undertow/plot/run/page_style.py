"""The look of a report page: quiet, readable, light or dark as the reader prefers."""

from undertow.plot.ink import DARK, LIGHT

STYLE = f"""
:root {{ color-scheme: light dark; --ground: {LIGHT.ground}; --text: {LIGHT.text};
  --quiet: {LIGHT.quiet}; --grid: {LIGHT.grid}; }}
@media (prefers-color-scheme: dark) {{ :root {{ --ground: {DARK.ground}; --text: {DARK.text};
  --quiet: {DARK.quiet}; --grid: {DARK.grid}; }} }}
body {{ margin: 0; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; }}
main {{ max-width: 1240px; margin: 0 auto; padding: 24px; }}
h1 {{ font-size: 22px; }} h2 {{ font-size: 17px; margin-top: 32px; }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; }}
th, td {{ padding: 3px 14px 3px 0; text-align: right; border-bottom: 1px solid var(--grid); }}
th {{ color: var(--quiet); font-weight: 500; }}
th:first-child, td:first-child {{ text-align: left; }}
pre {{ color: var(--quiet); overflow-x: auto; }}
"""
