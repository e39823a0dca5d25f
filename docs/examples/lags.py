"""Computes lags with pandas alone: ``lags.py FILES.PARQUET``."""

import sys

import pandas as pd

files = pd.read_parquet(sys.argv[1], columns=["project", "version", "uploaded_at"])
first_uploads = files.groupby(["project", "version"])["uploaded_at"].transform("min")
late = files[files["uploaded_at"] - first_uploads > pd.Timedelta(days=14)]
print(f"{len(late)} of {files['uploaded_at'].count()} files are late")
