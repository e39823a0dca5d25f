"""The report as one HTML file that needs nothing else: its templates, style and scripts lie beside this file."""
