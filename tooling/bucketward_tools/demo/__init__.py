"""``bucketward demo``: the shipped template in a local account, drift, and how it is put back."""

from .tour import run

__all__ = ["run"]
