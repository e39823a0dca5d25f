"""The documentation: Markdown pages for Sphinx, and what writes or runs the parts that must agree with the program."""
