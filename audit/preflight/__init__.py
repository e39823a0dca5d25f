"""Preflight: what an index will answer to built files, before the upload.

``built`` reads the files; ``listed`` looks up what the index has; ``states`` decides what will happen to each file,
``checks`` looks for problems in all of them, ``displacing`` finds the picks that would change; ``preflight`` joins
them. ``findings`` makes findings for other programs, ``explained`` says what each means.
"""
