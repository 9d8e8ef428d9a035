"""Recorded machines: the kernel's files of each kind of tree, laid out in a folder.

The texts have the shape that kernels write; numbers are round so that a test can be read.
"""

from __future__ import annotations

from pathlib import Path

import attrs

GIB = 1024**3
MIB = 1024**2
V1_UNLIMITED = "9223372036854771712\n"
MEMINFO = """\
MemTotal:       16777216 kB
MemFree:         1048576 kB
MemAvailable:    8388608 kB
Buffers:           80552 kB
Active(file):     524288 kB
Inactive(file):   524288 kB
SwapTotal:       2097152 kB
SwapFree:        1048576 kB
HugePages_Total:       0
"""
QUIET = """\
some avg10=0.00 avg60=0.00 avg300=0.00 total=0
full avg10=0.00 avg60=0.00 avg300=0.00 total=0
"""
PRESSED = """\
some avg10=12.50 avg60=3.00 avg300=0.50 total=99
full avg10=2.25 avg60=0.40 avg300=0.10 total=50
"""
V2_MOUNT = "30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
V1_MOUNTS = """\
31 24 0:28 / /sys/fs/cgroup ro,nosuid - tmpfs tmpfs ro,mode=755
33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw shared:10 - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw shared:11 master:3 - cgroup cgroup rw,memory
"""
HYBRID_MOUNTS = V1_MOUNTS + "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
OTHER_MOUNTS = (
    "22 27 0:21 / /proc rw,relatime - proc proc rw\n27 1 254:0 / / rw - ext4 /dev/vda rw\n"
)


@attrs.frozen
class Machine:
    """A machine in a folder; `file` writes one of its files."""

    root: Path

    def file(self, place: str, text: str) -> None:
        """Writes a file of the kernel's, as it would be read."""
        path = self.root / place.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def stands_in(self, cgroup: str, mounts: str) -> None:
        """What /proc/self says of our groups and of what is mounted."""
        self.file("/proc/self/cgroup", cgroup)
        self.file("/proc/self/mountinfo", OTHER_MOUNTS + mounts)

    def v2_group(self, folder: str, limit: str, used: int, file_pages: int = 0) -> None:
        """A group of version 2; `file_pages` is a part of what is used."""
        self.file(f"{folder}/memory.max", f"{limit}\n")
        self.file(f"{folder}/memory.high", "max\n")
        self.file(f"{folder}/memory.current", f"{used}\n")
        stat = f"anon {used - file_pages}\nfile {file_pages}\n"
        stat += f"inactive_file {file_pages // 2}\nactive_file {file_pages - file_pages // 2}\n"
        self.file(f"{folder}/memory.stat", stat)

    def v1_group(self, folder: str, limit: str, used: int, file_pages: int = 0) -> None:
        """A group of version 1, whose own pages are none and whose branch's are these."""
        self.file(f"{folder}/memory.limit_in_bytes", f"{limit}\n")
        self.file(f"{folder}/memory.usage_in_bytes", f"{used}\n")
        stat = "inactive_file 0\nactive_file 0\n"
        stat += f"total_inactive_file {file_pages}\ntotal_active_file 0\n"
        self.file(f"{folder}/memory.stat", stat)


def machine(root: Path) -> Machine:
    """16 GiB, of which 8 are available, without groups and without pressure."""
    made = Machine(root)
    made.file("/proc/meminfo", MEMINFO)
    made.file("/proc/pressure/memory", QUIET)
    return made
