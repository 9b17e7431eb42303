"""How much memory a notebook takes and how much is left, so that it is ended before the machine swaps."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any, Iterator

import psutil

# Memory fills at a few gigabytes a second.
SAMPLE_SECONDS = 0.1
# Listing the children of a process reads every process of the machine.
FAMILY_SECONDS = 0.5
# What stays unused by default: this share of the memory, at most so many bytes.
KEPT_SHARE = 0.05
KEPT_BYTES = 2**30
# When memory runs short, ending a notebook that takes less would not help.
WORTH_ENDING_BYTES = 2**30
# How long the system may take to release the memory of a process that was ended.
RELEASE_SECONDS = 2.0


class MemoryWatch:
    """Watches a kernel with all its descendants.

    `limit` is what they may take together, in bytes; None: as much as there is. `keep` is what has to stay unused on
    the machine: when less is left, the largest of the notebooks that run side by side has to end. None means 5 % of
    the memory, at most 1 GiB, and on Linux only: other systems do not tell what is left before they swap.
    """

    def __init__(self, kernel: psutil.Process, limit: int | None, keep: int | None) -> None:
        self.kernel = kernel
        self.descendants: set[psutil.Process] = set()
        self.peak_bytes = 0
        self._limit = limit
        self._groups = [folder for folder in control_groups() if group_memory(folder)]
        self._keep = keep
        if keep is None and sys.platform == "linux":
            limits = [memory[0] for folder in self._groups if (memory := group_memory(folder))]
            self._keep = min(int(KEPT_SHARE * min([psutil.virtual_memory().total, *limits])), KEPT_BYTES)
        self._next_family = 0.0
        self._next_verdict = 0.0

    def shortage(self) -> dict[str, Any] | None:
        """Why the notebook has to end now, if it has to."""
        now = time.monotonic()
        taken = self.measure(look_for_children=now >= self._next_family)
        if self._limit is not None and taken > self._limit:
            return {"scope": "notebook", "bytes": taken, "limit": self._limit}
        if self._keep is None or taken < WORTH_ENDING_BYTES or now < self._next_verdict:
            return None
        left = self._left()
        if left >= self._keep:
            return None
        if largest_neighbour() > taken:
            self._next_verdict = now + RELEASE_SECONDS
            return None
        return {"scope": "machine", "bytes": taken, "left": left}

    def measure(self, look_for_children: bool = True) -> int:
        """Resident memory of the kernel and its descendants, in bytes."""
        if look_for_children:
            self._next_family = time.monotonic() + FAMILY_SECONDS
            try:
                self.descendants.update(self.kernel.children(recursive=True))
            except psutil.Error:
                pass
            self.peak_bytes = max(self.peak_bytes, high_water_mark(self.kernel.pid))
        taken = resident_bytes([self.kernel, *self.descendants])
        self.peak_bytes = max(self.peak_bytes, taken)
        return taken

    def _left(self) -> int:
        """What programs may still take before something is swapped: of the machine, or of a container's share."""
        groups = [memory[0] - memory[1] for folder in self._groups if (memory := group_memory(folder))]
        return max(0, min([psutil.virtual_memory().available, *groups]))


def resident_bytes(processes: list[psutil.Process]) -> int:
    total = 0
    for process in processes:
        try:
            total += process.memory_info().rss
        except psutil.Error:
            pass
    return total


def largest_neighbour() -> int:
    """What the largest of the other notebooks of this run takes: their workers have the same parent as we."""
    try:
        workers = [worker for worker in psutil.Process(os.getppid()).children() if worker.pid != os.getpid()]
        return max((resident_bytes(worker.children(recursive=True)) for worker in workers), default=0)
    except psutil.Error:
        return 0


def high_water_mark(pid: int) -> int:
    """Linux's own record of the peak, which sampling would miss."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def control_groups() -> Iterator[Path]:
    """Folders of Linux's control groups that we belong to and that may limit memory: ours and those around it."""
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf8").splitlines()
    except OSError:
        return
    for _, controllers, path in (line.split(":", 2) for line in lines):
        if controllers == "":
            root = Path("/sys/fs/cgroup")
        elif "memory" in controllers.split(","):  # version 1
            root = Path("/sys/fs/cgroup/memory")
        else:
            continue
        folder = root / path.lstrip("/")
        yield from (group for group in (folder, *folder.parents) if group.is_relative_to(root))


def group_memory(folder: Path) -> tuple[int, int] | None:
    """Limit of a control group and what is taken of it; without cached files, which the system gives up for programs."""
    for limit, usage, prefix in (
        ("memory.max", "memory.current", ""),
        ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_"),  # version 1
    ):
        try:
            allowed = int((folder / limit).read_text(encoding="ascii"))  # "max" where there is no limit
            used = int((folder / usage).read_text(encoding="ascii"))
            stat = dict(line.split() for line in (folder / "memory.stat").read_text(encoding="ascii").splitlines())
            return allowed, used - int(stat[f"{prefix}inactive_file"]) - int(stat[f"{prefix}active_file"])
        except (OSError, ValueError, KeyError):
            pass
    return None


def prefer_for_out_of_memory(pid: int) -> None:
    """When memory runs out all the same, the system should end the kernel, which we report, and not the runner."""
    try:
        with open(f"/proc/{pid}/oom_score_adj", "w", encoding="ascii") as score:
            score.write("1000")
    except OSError:
        pass


def leave_no_core_dump() -> None:
    """A kernel that aborts for want of memory would leave all of it in the notebook's folder."""
    try:
        import resource  # not on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
