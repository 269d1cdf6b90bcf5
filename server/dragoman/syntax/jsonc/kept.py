"""What is worked out of a cell, or of a group of cells, and kept with it: neither ever changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar


class Keeping(Protocol):
    """What something can be kept with, by whoever has worked it out."""

    kept: dict[object, Any]


_Holder = TypeVar("_Holder", bound=Keeping)
_More = ParamSpec("_More")
_Found = TypeVar("_Found")
_Work = Callable[Concatenate[_Holder, _More], _Found]


def keep(work: _Work[_Holder, _More, _Found]) -> _Work[_Holder, _More, _Found]:
    """Do `work` once for each cell or group. What it gives is not None, and follows from that alone.

    What it takes besides helps to work it out, such as the text around it, and does not count.
    """

    @wraps(work)
    def kept(holder: _Holder, *more: _More.args, **named: _More.kwargs) -> _Found:
        found = holder.kept.get(work)
        if found is None:
            found = holder.kept[work] = work(holder, *more, **named)
        return found

    return kept
