"""The site: a dataset's numbers as a folder of static pages that any web server can serve."""
