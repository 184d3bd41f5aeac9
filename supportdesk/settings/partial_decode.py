"""Decodes the valid parts of a document: invalid parts keep their defaults and are all reported."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec

from supportdesk.toml_file.document import Fault, fault_of_validation

Shape = TypeVar("Shape", bound=msgspec.Struct)
WHAT = "settings"


def decode_valid_parts(
    document: dict[str, Any], shape: type[Shape], place: str = "$"
) -> tuple[Shape, list[Fault]]:
    """Return the document as the struct `shape`, whose fields all have defaults, and its faults.

    Of a list, or a table of similar items, the valid items are used.
    """
    types = {field.name: field.type for field in msgspec.structs.fields(shape)}
    faults: list[Fault] = []
    good: dict[str, Any] = {}
    for name, value in document.items():
        at = f"{place}.{name}"
        if name not in types:
            faults.append(Fault(at, f"is not a setting; settings here: {', '.join(sorted(types))}"))
            continue
        kept, wrong = _value(value, types[name], at)
        faults += wrong
        if kept is not msgspec.UNSET:
            good[name] = kept
    return shape(**good), faults


def _value(value: Any, wanted: Any, at: str) -> tuple[Any, list[Fault]]:
    """Return the value and its faults; UNSET where nothing of it is valid."""
    inner = _without_none(wanted)
    if isinstance(value, dict) and isinstance(inner, type) and issubclass(inner, msgspec.Struct):
        return decode_valid_parts(value, inner, at)
    if isinstance(value, list) and get_origin(inner) is tuple:
        several = [_converted(each, get_args(inner)[0], f"{at}[{n}]") for n, each in enumerate(value)]
        return tuple(kept for kept, _ in several if kept is not msgspec.UNSET), _all_faults(several)
    if isinstance(value, dict) and get_origin(inner) is dict:
        named = {name: _converted(each, get_args(inner)[1], f"{at}.{name}") for name, each in value.items()}
        return {name: kept for name, (kept, _) in named.items() if kept is not msgspec.UNSET}, _all_faults(
            named.values()
        )
    # A TOML file has no null.
    return _converted(value, inner, at)


def _converted(value: Any, wanted: Any, at: str) -> tuple[Any, list[Fault]]:
    if get_origin(wanted) is Literal and value not in get_args(wanted):
        return msgspec.UNSET, [
            Fault(at, f"{value!r} is not one of {', '.join(get_args(wanted))}; use one of these")
        ]
    try:
        return msgspec.convert(value, wanted), []
    except msgspec.ValidationError as error:
        return msgspec.UNSET, [fault_of_validation(error, WHAT, at)]


def _all_faults(several: Any) -> list[Fault]:
    return [fault for _, faults in several for fault in faults]


def _without_none(wanted: Any) -> Any:
    """Return `T` of `T | None`."""
    if get_origin(wanted) not in (Union, UnionType):
        return wanted
    return next(each for each in get_args(wanted) if each is not NoneType)
