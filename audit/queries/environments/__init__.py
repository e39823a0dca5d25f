"""Environments in which an installer may run, as lists of wheel tags in rank order; pure."""

from audit.queries.environments.environment import (
    Environment,
    all_and_this,
    all_environments,
    find,
    select,
    this_environment,
)
from audit.queries.environments.interpreters import Interpreter
from audit.queries.environments.platforms import Platform

__all__ = [
    "Environment",
    "Interpreter",
    "Platform",
    "all_and_this",
    "all_environments",
    "find",
    "select",
    "this_environment",
]
