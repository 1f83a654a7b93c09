"""Not trusted with anything but its children: keeps one confined, unused child forked ahead.

It is process 1 of its namespaces (or, in the landlock tier, the parent of the one process that a
program can be). It sends the judge "C" with the child's socket; the judge answers "K" when the child
is spent, or asks with "T" for the processor time the child has used. No byte of a job passes through
here, so a fork of it holds nothing of an earlier job.
"""
import gc
import os
import signal
import socket
import struct
import sys
import types

sys.path[:] = [p for p in sys.path if p]
for _name in ("wire", "syscalls", "confine", "program"):
    _module = types.ModuleType("couplet_" + _name)
    exec(compile(boot["sources"][_name], "<couplet %s>" % _name, "exec"), _module.__dict__)
    globals()[_name] = _module

# What programs import most, ready in memory; a program still has to import it to see it.
import abc, bisect, cmath, collections, copy, dataclasses, datetime, decimal, enum, fractions  # noqa
import functools, heapq, io, itertools, json, math, operator, random, re, statistics, string  # noqa
import time, traceback, types, typing  # noqa

CONTROL = 3


def cpu_seconds(pid):
    try:
        return __import__("time").clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def become_child(mine, confinement):
    os.dup2(mine, CONTROL)  # the control socket is gone from here on
    os.closerange(4, 64)
    confinement.die_with_parent()
    if os.getppid() != PARENT:
        os._exit(0)
    confinement.seal()
    program.serve(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, CONTROL), wire)


def kill_all(pid, alone):
    while True:
        try:
            os.kill(-1 if alone else pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        try:
            while True:
                os.waitpid(-1, 0)
        except ChildProcessError:
            return


def keep_one_ready(control, confinement):
    alone = os.getpid() == 1
    while True:
        mine, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            try:
                become_child(mine.fileno(), confinement)
            finally:
                os._exit(77)
        mine.close()
        socket.send_fds(control, [b"C"], [theirs.fileno()])
        theirs.close()
        while True:
            order = control.recv(1)
            if order == b"T":
                control.sendall(struct.pack("d", cpu_seconds(pid)))
            elif order == b"K":
                kill_all(pid, alone)
                break
            else:  # the judge is gone
                kill_all(pid, alone)
                os._exit(0)


def main():
    global PARENT
    PARENT = os.getpid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)  # process 1 without handlers is deaf to its children
    null = os.open("/dev/null", os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.close(null)
    control = socket.socket(fileno=CONTROL)
    try:
        confinement = confine.Confinement(
            syscalls, boot["paths"], boot["memory_mb"] << 20, boot["tasks"] + boot["threads"] + 2)
        confinement.enter()
    except confine.NotConfined as e:
        control.sendall(b"R" + str(e).encode())
        os._exit(0)
    boot.clear()
    gc.collect()
    gc.freeze()
    gc.disable()
    keep_one_ready(control, confinement)


main()
