"""Which pages of a runner its children write, and copying those at once. After a fork every page is shared
until one of the two writes to it; CPython writes wherever it counts references, so each child would stop
for a copy some three hundred times, and at the same pages as any other child. Where /proc does not say
which these are, or the kernel cannot copy ahead, nothing is copied ahead.
"""
import array
import collections
import ctypes
import itertools
import os
import time

PAGE = os.sysconf("SC_PAGE_SIZE")
POPULATE_WRITE = 23
SETTLE = 0.02  # seconds
PRESENT, EXCLUSIVE = 1 << 63, 1 << 56  # bits of an entry in pagemap


def written(proc, act):
    """the ranges that a child forked now writes to in `act`

    `proc` is a descriptor of the directory /proc; the child opens no other file."""
    try:
        areas = writable(proc)
        said = os.memfd_create("pages")
    except OSError:
        return ranges([])
    pid = os.fork()
    if pid == 0:
        try:
            entries = os.open("self/pagemap", os.O_RDONLY, dir_fd=proc)
            time.sleep(SETTLE)  # until the parent waits: what it writes is the child's alone, too
            for before in (True, False):
                for first, end in areas:
                    os.write(said, os.pread(entries, (end - first) * 8, first * 8))
                if before:
                    act()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    with open(said, "rb") as f:
        f.seek(0)
        data = f.read()
    numbers = [page for first, end in areas for page in range(first, end)]
    if len(data) != 16 * len(numbers):
        return ranges([])
    before, after = array.array("Q", data[:len(data) // 2]), array.array("Q", data[len(data) // 2:])
    return ranges([page for page, was, now in zip(numbers, before, after) if own(now) and not own(was)])


def own(entry):
    """whether a page is there and no other process has it"""
    return entry & PRESENT and entry & EXCLUSIVE


def writable(proc):
    """page numbers (first, end) of this process's own memory that can be written"""
    with open(os.open("self/maps", os.O_RDONLY, dir_fd=proc)) as f:
        lines = [line.split() for line in f]
    return [tuple(int(x, 16) // PAGE for x in line[0].split("-"))
            for line in lines if line[1].startswith("rw") and line[1].endswith("p")]


def ranges(numbers):
    """neighbours among ascending page numbers put together: addresses, and lengths in bytes"""
    firsts, lengths = array.array("Q"), array.array("Q")
    for page in numbers:
        if firsts and firsts[-1] + lengths[-1] == page * PAGE:
            lengths[-1] += PAGE
        else:
            firsts.append(page * PAGE)
            lengths.append(PAGE)
    return firsts, lengths


class Copying:
    """Gives the calling process pages of its own, by a loop in C over numbers that are no objects: it writes
    to hardly any page itself."""

    def __init__(self, found):
        self.madvise = ctypes.CDLL(None).madvise
        self.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        self.firsts, self.lengths = found

    def __call__(self):
        # Where the kernel refuses (before Linux 5.14) nothing happens.
        collections.deque(
            map(self.madvise, self.firsts, self.lengths, itertools.repeat(POPULATE_WRITE)), 0)
