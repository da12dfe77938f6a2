"""The knowledge that cleaning reads, how it is read, and the script that builds the table of readings."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def content(name: str) -> Any:
    """Return what a YAML file of this folder holds; read once, and nobody may change it."""
    return yaml.safe_load((files(__name__) / name).read_text("utf-8"))


def rows(name: str) -> list[str]:
    """Return the lines of a text file of this folder, its comments left out."""
    lines = (files(__name__) / name).read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]
