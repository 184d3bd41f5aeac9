"""Binds a process of root to the permissions of files, as they bind everybody else."""

from __future__ import annotations

import ctypes
import os

_VERSION = 0x2008_0522
_OVERRIDE, _READ_SEARCH = 1 << 1, 1 << 2
"""The bits of `CAP_DAC_OVERRIDE` and `CAP_DAC_READ_SEARCH`."""


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def bind_to_permissions() -> None:
    """Take from this process what lets root open any file, for good. Raises OSError."""
    library = ctypes.CDLL(None, use_errno=True)
    header, data = _Header(_VERSION, 0), (_Data * 2)()
    _call(library.capget(ctypes.byref(header), data))
    for field in ("effective", "permitted", "inheritable"):
        setattr(data[0], field, getattr(data[0], field) & ~(_OVERRIDE | _READ_SEARCH))
    _call(library.capset(ctypes.byref(header), data))


def _call(result: int) -> None:
    if result:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
