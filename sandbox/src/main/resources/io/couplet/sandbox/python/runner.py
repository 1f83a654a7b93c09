"""Not trusted with anything but its children: keeps confined, unused children forked ahead, so that
no job waits for a fork.

It is process 1 of its namespaces (in the landlock tier, a plain parent). A program is one process: its
filter lets it start threads only. For each child the judge gets a "C" with the child's socket; it
answers "K" when the oldest child is spent, or asks with "T" for the processor time that one has used.
No byte of a job passes through here, so a fork of it holds nothing of an earlier job.

Descriptors: 3 the judge, 4 the sources, 5 the directory /proc; the last two are closed before the
confinement begins, and with it the first child.
"""
import gc
import os
import signal
import socket
import struct
import sys
import types

sys.path[:] = [p for p in sys.path if p]
for _name in ("wire", "syscalls", "confine", "pages", "state", "program"):
    _module = types.ModuleType("couplet_" + _name)
    if _name == "program":
        _module.state = state
    exec(compile(boot["sources"][_name], "<couplet %s>" % _name, "exec"), _module.__dict__)
    globals()[_name] = _module

# What programs import most, ready in memory; a program still has to import it to see it.
import abc, bisect, cmath, collections, copy, dataclasses, datetime, decimal, enum, fractions  # noqa
import functools, heapq, io, itertools, json, math, operator, random, re, statistics, string  # noqa
import time, traceback, types, typing  # noqa

CONTROL, PROC = 3, 5
AHEAD = 2


def cpu_seconds(pid):
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def become_child(mine, confinement):
    os.dup2(mine, CONTROL)  # the control socket is gone from here on
    os.closerange(4, 64)
    COPY_PAGES()
    confinement.die_with_parent()
    if os.getppid() != PARENT:
        os._exit(0)
    confinement.seal()
    program.serve(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, CONTROL), wire)


def add_child(control, confinement):
    mine, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        try:
            theirs.close()
            become_child(mine.fileno(), confinement)
        finally:
            os._exit(77)
    mine.close()
    socket.send_fds(control, [b"C"], [theirs.fileno()])
    theirs.close()
    return pid


def keep_ready(control, confinement):
    children = collections.deque()
    while True:
        while len(children) < AHEAD:
            children.append(add_child(control, confinement))
        order = control.recv(1)
        if order == b"T":
            control.sendall(b"T" + struct.pack("d", cpu_seconds(children[0])))
            continue
        spent = [children.popleft()] if order == b"K" else list(children)
        for pid in spent:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        if order != b"K":  # the judge is gone
            os._exit(0)


def rehearsal():
    """a child's life without its confinement, which would not let it see what it has written"""
    program.begin()
    program.play(wire, "def f(n):\n    return n\n")


def main():
    global PARENT, COPY_PAGES
    PARENT = os.getpid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)  # process 1 without handlers is deaf to its children
    null = os.open("/dev/null", os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.close(null)
    control = socket.socket(fileno=CONTROL)
    program.rehearse(wire)
    gc.collect()
    gc.freeze()
    gc.disable()
    COPY_PAGES = pages.Copying(pages.written(PROC, rehearsal))
    os.close(PROC)
    try:
        confinement = confine.Confinement(
            syscalls, boot["paths"], boot["memory_mb"] << 20, boot["tasks"] + boot["threads"] + 1)
        confinement.enter()
    except confine.NotConfined as e:
        control.sendall(b"R" + str(e).encode())
        os._exit(0)
    boot.clear()
    gc.freeze()
    keep_ready(control, confinement)


main()
