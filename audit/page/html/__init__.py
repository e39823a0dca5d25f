"""The report as one self-contained HTML file; its templates, style and scripts are in this folder."""
