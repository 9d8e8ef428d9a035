"""What Linux says of its memory in /proc, read without touching files.

Each function takes a file's text and gives numbers; what the kernel does not say is 0 or None, and
nothing raises on a text that is none of the kernel's. Sources: the Linux kernel's documentation,
filesystems/proc.rst, accounting/psi.rst, and ABI/testing/procfs-smaps_rollup.
"""

from __future__ import annotations

from typing import Final

from ...protocols.resources.reading import Pressure, ProcessMemory
from .control_groups import read_number

KIBIBYTE: Final = 1024
PRIVATE_FIELDS: Final = ("Pss_Anon", "Pss_Shmem", "SwapPss", "Private_Hugetlb")
"""What the end of a process frees. Shared memory is among it: nobody reads it again from a file."""
PERCENT_MAX: Final = 100.0


def read_kibibytes(text: str) -> dict[str, int]:
    """The lines "Name:   number kB" of a file, in bytes."""
    sizes = dict[str, int]()
    for line in text.splitlines():
        words = line.split()
        if len(words) == 3 and words[2] == "kB":
            value = read_number(words[1])
            if value is not None:
                sizes[words[0].removesuffix(":")] = value * KIBIBYTE
    return sizes


def available_bytes(meminfo: dict[str, int]) -> int:
    """What the kernel estimates could be taken; kernels before 3.14 do not say it."""
    found = meminfo.get("MemAvailable")
    if found is not None:
        return found
    return sum(meminfo.get(name, 0) for name in ("MemFree", "Inactive(file)", "Active(file)"))


def read_pressure(text: str) -> Pressure | None:
    """The shares of the last 10 s; None where the text says none."""
    shares = dict[str, float]()
    for line in text.splitlines():
        kind, _, rest = line.partition(" avg10=")
        share = _share(rest.partition(" ")[0])
        if share is not None:
            shares[kind] = share
    if "some" not in shares:
        return None
    return Pressure(shares["some"], shares.get("full", 0.0))


def worse(one: Pressure | None, other: Pressure | None) -> Pressure | None:
    """The greater share of each kind."""
    if one is None or other is None:
        return one or other
    return Pressure(
        max(one.some_percent, other.some_percent), max(one.full_percent, other.full_percent)
    )


def read_rollup(text: str) -> ProcessMemory | None:
    """What a process holds, from its smaps_rollup; None if the text is empty, as a zombie's is."""
    sizes = read_kibibytes(text)
    if "Pss" not in sizes:
        return None
    if "Pss_Anon" not in sizes:  # before Linux 5.4 only the sum is told
        private = sizes.get("Anonymous", 0) + sizes.get("SwapPss", 0)
        return ProcessMemory(private, max(0, sizes["Pss"] - sizes.get("Anonymous", 0)))
    private = sum(sizes.get(name, 0) for name in PRIVATE_FIELDS)
    return ProcessMemory(private, sizes.get("Pss_File", 0))


def read_statm(text: str, page_bytes: int) -> ProcessMemory | None:
    """The same from statm, which anyone may read, but which counts shared pages for each sharer."""
    resident, shared = (*map(read_number, text.split()[1:3]), None, None)[:2]
    if not resident or shared is None:
        return None  # it has ended
    return ProcessMemory(max(0, resident - shared) * page_bytes, shared * page_bytes)


def _share(number: str) -> float | None:
    try:
        share = float(number)
    except ValueError:
        return None
    # The comparison is false for what is no number.
    return share if 0.0 <= share <= PERCENT_MAX else None
