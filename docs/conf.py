"""How the documentation is built: MyST pages, furo, nothing fetched."""

from importlib.metadata import version as installed_version

project = "Skypicket"
author = "The Skypicket maintainers"
copyright = "2026, the Skypicket maintainers"
version = release = installed_version("skypicket")

extensions = ["myst_parser"]
exclude_patterns = ["_build", "conftest.py"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

# Links to files outside of docs (LICENSE, schemas) are checked by tests/house instead.
suppress_warnings = ["myst.xref_missing"]

html_theme = "furo"
html_title = "Skypicket"
html_copy_source = False
html_show_sphinx = False
