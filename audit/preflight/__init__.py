"""Preflight: what an index will say of built files, told before the upload.

``built`` reads the files; ``listed`` finds out what the index has; ``states`` says of each file what will become of it,
``checks`` what stands out in all of them, ``displacing`` whose pick would change; ``preflight`` joins them.
``findings`` is how other programs read that, ``explained`` what each finding means.
"""
