"""Inputs: what a user has (a lock file, a list of requirements, an environment, a bill of materials) as pins.

One module for each format; ``recognize`` finds the format, ``bounded`` limits how much is read, ``document`` says where
something does not fit. No reader uses a network, and none runs what it reads.
"""

from audit.scan.inputs.apart import apart
from audit.scan.inputs.environment import installed
from audit.scan.inputs.finding import find
from audit.scan.inputs.reading import read

__all__ = ["apart", "find", "installed", "read"]
