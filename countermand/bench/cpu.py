"""Processor time of whole process trees, from the kernel's own accounts."""

import psutil


def seconds(*, root: psutil.Process | None) -> float | None:
    """This will add up what a process and all below it have used, those that ended and were waited for included."""
    if root is None:
        return None
    total = 0.0
    for process in [root, *root.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue  # ended meanwhile: its parent's account has it
        total += times.user + times.system + times.children_user + times.children_system
    return total
