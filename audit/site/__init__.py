"""The site: a dataset's numbers as a folder of pages that any web server serves, with nothing of ours behind it."""
