"""How Sphinx builds the pages: nothing is fetched, neither to build them nor to read them."""

project = "release-audit"
author = "the release-audit contributors"
extensions = ["myst_parser"]
exclude_patterns = ["examples", "generator"]
# Anchors as GitHub makes them: the same links lead somewhere in both places.
myst_heading_anchors = 3
nitpicky = True
smartquotes = False  # two dashes before an option stay two dashes
html_theme = "furo"
html_title = "release-audit"
html_copy_source = False
html_show_copyright = False
html_static_path = ["_static"]
html_css_files = ["tables.css"]
