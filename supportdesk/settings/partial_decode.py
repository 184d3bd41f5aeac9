"""As much of a document as is good: a part that is not is left at its default and reported, and hides no other."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec

from supportdesk.toml_file.document import Fault, misplaced

Shape = TypeVar("Shape", bound=msgspec.Struct)
WHAT = "settings"


def salvage(document: dict[str, Any], shape: type[Shape], place: str = "$") -> tuple[Shape, list[Fault]]:
    """The document as the struct `shape`, all of whose fields have defaults; of a list or a table of like things the
    good ones are kept.
    """
    types = {field.name: field.type for field in msgspec.structs.fields(shape)}
    faults: list[Fault] = []
    good: dict[str, Any] = {}
    for name, value in document.items():
        at = f"{place}.{name}"
        if name not in types:
            faults.append(Fault(at, f"is no setting; those here are {', '.join(sorted(types))}"))
            continue
        kept, wrong = _value(value, types[name], at)
        faults += wrong
        if kept is not msgspec.UNSET:
            good[name] = kept
    return shape(**good), faults


def _value(value: Any, wanted: Any, at: str) -> tuple[Any, list[Fault]]:
    """The value; UNSET where nothing of it is good."""
    inner = _without_none(wanted)
    if isinstance(value, dict) and isinstance(inner, type) and issubclass(inner, msgspec.Struct):
        return salvage(value, inner, at)
    if isinstance(value, list) and get_origin(inner) is tuple:
        several = [_converted(each, get_args(inner)[0], f"{at}[{n}]") for n, each in enumerate(value)]
        return tuple(kept for kept, _ in several if kept is not msgspec.UNSET), _all(several)
    if isinstance(value, dict) and get_origin(inner) is dict:
        named = {name: _converted(each, get_args(inner)[1], f"{at}.{name}") for name, each in value.items()}
        return {name: kept for name, (kept, _) in named.items() if kept is not msgspec.UNSET}, _all(
            named.values()
        )
    # A TOML file has no null.
    return _converted(value, inner, at)


def _converted(value: Any, wanted: Any, at: str) -> tuple[Any, list[Fault]]:
    if get_origin(wanted) is Literal and value not in get_args(wanted):
        return msgspec.UNSET, [Fault(at, f"{value!r} is none of {', '.join(get_args(wanted))}; write one")]
    try:
        return msgspec.convert(value, wanted), []
    except msgspec.ValidationError as error:
        return msgspec.UNSET, [misplaced(error, WHAT, at)]


def _all(several: Any) -> list[Fault]:
    return [fault for _, faults in several for fault in faults]


def _without_none(wanted: Any) -> Any:
    """The other half of a type that may be None."""
    if get_origin(wanted) not in (Union, UnionType):
        return wanted
    return next(each for each in get_args(wanted) if each is not NoneType)
