"""Confinement that needs no privilege: resource limits, Landlock and seccomp, through the C library."""
import ctypes
import os
import resource
import struct

PDEATHSIG, DUMPABLE, NO_NEW_PRIVS = 1, 4, 38
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
READ_FILE, WRITE_FILE, READ_DIR = 0x4, 0x2, 0x8
# File rights each Landlock version knows; version 4 adds network, 6 signals and abstract sockets.
FILE_RIGHTS = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF}
SET_MODE_FILTER = 1


class NotConfined(Exception):
    """A part of the confinement is missing; nothing untrusted may run."""


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def load_average():
    """over one minute, by system call: /proc is out of reach"""
    words = (ctypes.c_ulong * 64)()  # struct sysinfo: uptime, three loads in 1/65536, ...
    return words[1] / 65536 if ctypes.CDLL(None).sysinfo(words) == 0 else 0.0


class Confinement:
    """Everything costly is prepared once; `seal` is what a forked child still has to do."""

    def __init__(self, syscalls, paths, memory_bytes, tasks):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.libc.syscall.restype = ctypes.c_long
        machine = syscalls.machine()
        if machine not in syscalls.TABLES:
            raise NotConfined("no system-call table for " + machine)
        self.seccomp = syscalls.SECCOMP[machine]
        code = syscalls.assemble(machine, 0)
        nr = syscalls.TABLES[machine][1]
        listing = syscalls.instructions(machine, 0)
        # Two instructions compare with the own process id: after "is it kill" and "is it tgkill".
        self.pid_words = [8 * (i + 2) + 4 for i, x in enumerate(listing)
                          if x[0] == syscalls.EQUAL and x[3] in (nr["kill"], nr["tgkill"])][:2]
        self.code = ctypes.create_string_buffer(code)
        self.program = _Program(len(code) // 8, ctypes.addressof(self.code))
        self.ruleset = self._ruleset(paths)
        self.memory_bytes, self.tasks = memory_bytes, tasks

    def _ruleset(self, paths):
        version = self._syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint(1))
        if version < 1:
            raise NotConfined("this kernel has no Landlock (Linux 5.13 or newer, lsm=landlock)")
        rights = struct.pack("QQQ", FILE_RIGHTS.get(version, 0xFFFF), 3 if version >= 4 else 0,
                             3 if version >= 6 else 0)
        size = 24 if version >= 6 else 16 if version >= 4 else 8
        ruleset = self._syscall(CREATE_RULESET, rights[:size], ctypes.c_size_t(size), ctypes.c_uint(0))
        if ruleset < 0:
            raise NotConfined("Landlock refuses a ruleset: " + os.strerror(ctypes.get_errno()))
        for path in paths:
            self._allow(ruleset, path, READ_FILE | READ_DIR)
        self._allow(ruleset, "/dev/null", READ_FILE | WRITE_FILE)
        return ruleset

    def _allow(self, ruleset, path, rights):
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        rule = struct.pack("=Qi", rights, fd)
        if self._syscall(ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(1), rule, ctypes.c_uint(0)) != 0:
            raise NotConfined("Landlock refuses a rule for " + path)
        os.close(fd)

    def _syscall(self, number, *arguments):
        return self.libc.syscall(ctypes.c_long(number), *arguments)

    def enter(self):
        """Limits and Landlock, for this process and all it forks."""
        limits = [(resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_MEMLOCK, 0),
                  (resource.RLIMIT_NOFILE, 64),
                  (resource.RLIMIT_AS, self.memory_bytes), (resource.RLIMIT_MSGQUEUE, 0)]
        for which, value in limits:
            resource.setrlimit(which, (value, value))
        soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
        stack = 8 << 20 if hard == resource.RLIM_INFINITY else min(8 << 20, hard)
        resource.setrlimit(resource.RLIMIT_STACK, (stack, stack))
        self.libc.prctl(DUMPABLE, 0, 0, 0, 0)
        if self.libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            raise NotConfined("no_new_privs is refused")
        if self._syscall(RESTRICT_SELF, ctypes.c_int(self.ruleset), ctypes.c_uint(0)) != 0:
            raise NotConfined("Landlock is refused: " + os.strerror(ctypes.get_errno()))
        os.close(self.ruleset)

    def seal(self):
        """The process limit, which a parent may have to exceed, and seccomp, for this process alone."""
        resource.setrlimit(resource.RLIMIT_NPROC, (self.tasks, self.tasks))
        pid = struct.pack("I", os.getpid())
        for at in self.pid_words:
            self.code[at:at + 4] = pid
        if self._syscall(self.seccomp, ctypes.c_uint(SET_MODE_FILTER), ctypes.c_uint(0),
                          ctypes.byref(self.program)) != 0:
            raise NotConfined("seccomp is refused: " + os.strerror(ctypes.get_errno()))

    def die_with_parent(self):
        self.libc.prctl(PDEATHSIG, 9, 0, 0, 0)
