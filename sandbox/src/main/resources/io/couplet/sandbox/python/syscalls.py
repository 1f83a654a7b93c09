"""The seccomp filter: an allow list for x86_64 and aarch64, written as a decision tree.

Everything that is not named fails with EPERM: sockets, files to write, other processes, name spaces,
keys, bpf, io_uring, memfd, ptrace. A wrong architecture kills. Memory that is both anonymous and
executable is refused, so a program brings no machine code of its own.
"""
import errno
import os
import struct

X86_64 = dict(
    read=0, write=1, open=2, close=3, stat=4, fstat=5, lstat=6, poll=7, lseek=8, mmap=9, mprotect=10,
    munmap=11, brk=12, rt_sigaction=13, rt_sigprocmask=14, rt_sigreturn=15, ioctl=16, pread64=17,
    readv=19, writev=20, access=21, pipe=22, select=23, sched_yield=24, mremap=25, madvise=28, dup=32,
    dup2=33, pause=34, nanosleep=35, getitimer=36, alarm=37, setitimer=38, getpid=39, sendto=44,
    recvfrom=45, recvmsg=47, shutdown=48, getsockname=51, getpeername=52, socketpair=53, setsockopt=54,
    getsockopt=55, clone=56, exit=60, kill=62, uname=63, fcntl=72, getcwd=79, readlink=89, umask=95,
    gettimeofday=96, getrlimit=97, getrusage=98, sysinfo=99, times=100, getuid=102, getgid=104,
    geteuid=107, getegid=108, getppid=110, getpgrp=111, getgroups=115, getresuid=118, getresgid=120,
    getpgid=121, getsid=124, rt_sigpending=127, rt_sigtimedwait=128, rt_sigsuspend=130, sigaltstack=131,
    getpriority=140, sched_getparam=143, sched_getscheduler=145, sched_get_priority_max=146,
    sched_get_priority_min=147, arch_prctl=158, setrlimit=160, gettid=186, time=201, futex=202,
    sched_getaffinity=204, epoll_create=213, getdents64=217, set_tid_address=218, clock_gettime=228,
    clock_getres=229, clock_nanosleep=230, exit_group=231, epoll_wait=232, epoll_ctl=233, tgkill=234,
    openat=257, newfstatat=262, readlinkat=267, faccessat=269, pselect6=270, ppoll=271,
    set_robust_list=273, get_robust_list=274, epoll_pwait=281, eventfd2=290, epoll_create1=291,
    dup3=292, pipe2=293, preadv=295, prlimit64=302, getcpu=309, getrandom=318, membarrier=324,
    statx=332, rseq=334, clone3=435, close_range=436, faccessat2=439)
AARCH64 = dict(
    getcwd=17, eventfd2=19, epoll_create1=20, epoll_ctl=21, epoll_pwait=22, dup=23, dup3=24, fcntl=25,
    ioctl=29, faccessat=48, openat=56, close=57, pipe2=59, getdents64=61, lseek=62, read=63, write=64,
    readv=65, writev=66, pread64=67, preadv=69, pselect6=72, ppoll=73, readlinkat=78, newfstatat=79,
    fstat=80, exit=93, exit_group=94, set_tid_address=96, futex=98, set_robust_list=99,
    get_robust_list=100, nanosleep=101, getitimer=102, setitimer=103, clock_gettime=113,
    clock_getres=114, clock_nanosleep=115, sched_getscheduler=120, sched_getparam=121,
    sched_getaffinity=123, sched_yield=124, sched_get_priority_max=125, sched_get_priority_min=126,
    kill=129, tgkill=131, sigaltstack=132, rt_sigsuspend=133, rt_sigaction=134, rt_sigprocmask=135,
    rt_sigpending=136, rt_sigtimedwait=137, rt_sigreturn=139, getpriority=141, getresuid=148,
    getresgid=150, times=153, getpgid=155, getsid=156, getgroups=158, uname=160, getrlimit=163,
    setrlimit=164, getrusage=165, umask=166, getcpu=168, gettimeofday=169, getpid=172, getppid=173,
    getuid=174, geteuid=175, getgid=176, getegid=177, gettid=178, sysinfo=179, socketpair=199,
    getsockname=204, getpeername=205, sendto=206, recvfrom=207, setsockopt=208, getsockopt=209,
    shutdown=210, recvmsg=212, brk=214, munmap=215, mremap=216, clone=220, mmap=222, mprotect=226,
    madvise=233, prlimit64=261, getrandom=278, membarrier=283, statx=291, rseq=293, clone3=435,
    close_range=436, faccessat2=439)
# What is written to install confinement, by machine.
SECCOMP = {"x86_64": 317, "aarch64": 277}
TABLES = {"x86_64": (0xC000003E, X86_64), "aarch64": (0xC00000B7, AARCH64)}

LOAD, EQUAL, BITS, AT_LEAST, RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
ALLOW, KILL = 0x7FFF0000, 0x80000000
DENY, MISSING = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
NUMBER, MACHINE = 0, 4
X32_BIT = 0x40000000
CLONE_THREAD, PROT_EXEC, MAP_ANONYMOUS, AF_UNIX = 0x10000, 4, 0x20, 1
SAFE_FCNTL = (0, 1, 2, 3, 4, 1030, 1032)  # dup, flags, pipe size; not F_SETOWN, which sends signals
SAFE_IOCTL = (0x5401, 0x5421, 0x5450, 0x5451, 0x541B)  # TCGETS, FIONBIO, FIONCLEX, FIOCLEX, FIONREAD


def machine():
    return os.uname().machine


def _low(argument):
    return 16 + 8 * argument


def _high(argument):
    return 20 + 8 * argument


def _one_of(number, offset, values):
    """allow system call `number` when the word at `offset` is one of `values`"""
    n = len(values)
    out = [(EQUAL, 0, n + 3, number), (LOAD, 0, 0, offset)]
    out += [(EQUAL, n - i, 0, v) for i, v in enumerate(values)]
    return out + [(RETURN, 0, 0, DENY), (RETURN, 0, 0, ALLOW)]


def _zero(number, argument):
    return [(EQUAL, 0, 6, number), (LOAD, 0, 0, _low(argument)), (EQUAL, 0, 3, 0),
            (LOAD, 0, 0, _high(argument)), (EQUAL, 0, 1, 0), (RETURN, 0, 0, ALLOW),
            (RETURN, 0, 0, DENY)]


def instructions(name, pid):
    """The filter for one machine; signals may go to `pid` only."""
    audit, nr = TABLES[name]
    out = [(LOAD, 0, 0, MACHINE), (EQUAL, 1, 0, audit), (RETURN, 0, 0, KILL), (LOAD, 0, 0, NUMBER),
           (AT_LEAST, 0, 1, X32_BIT), (RETURN, 0, 0, DENY)]
    # clone3 hides its flags behind a pointer: let the C library fall back to clone, threads only.
    out += [(EQUAL, 0, 1, nr["clone3"]), (RETURN, 0, 0, MISSING)]
    out += [(EQUAL, 0, 4, nr["clone"]), (LOAD, 0, 0, _low(0)), (BITS, 0, 1, CLONE_THREAD),
            (RETURN, 0, 0, ALLOW), (RETURN, 0, 0, DENY)]
    out += _one_of(nr["kill"], _low(0), (pid,))
    out += _one_of(nr["tgkill"], _low(0), (pid,))
    out += _one_of(nr["socketpair"], _low(0), (AF_UNIX,))
    out += _one_of(nr["ioctl"], _low(1), SAFE_IOCTL)
    out += _one_of(nr["fcntl"], _low(1), SAFE_FCNTL)
    out += _zero(nr["prlimit64"], 0)  # its own limits only, and those only downwards
    out += [(EQUAL, 0, 6, nr["mmap"]), (LOAD, 0, 0, _low(2)), (BITS, 0, 3, PROT_EXEC),
            (LOAD, 0, 0, _low(3)), (BITS, 0, 1, MAP_ANONYMOUS), (RETURN, 0, 0, DENY),
            (RETURN, 0, 0, ALLOW)]
    out += [(EQUAL, 0, 4, nr["mprotect"]), (LOAD, 0, 0, _low(2)), (BITS, 0, 1, PROT_EXEC),
            (RETURN, 0, 0, DENY), (RETURN, 0, 0, ALLOW)]
    return out + _tree(nr)


def _tree(nr):
    """The rest by binary search: the kernel runs the filter once per call number to cache it."""
    edges, previous = [(0, False)], None
    for number in sorted(nr.values()):
        if previous is None or number != previous + 1:
            if previous is not None:
                edges.append((previous + 1, False))
            edges.append((number, True))
        previous = number
    edges.append((previous + 1, False))
    if edges[1][0] == 0:
        edges.pop(0)

    def branch(low, high):
        if high - low == 1:
            return [(RETURN, 0, 0, ALLOW if edges[low][1] else DENY)]
        middle = (low + high) // 2
        left, right = branch(low, middle), branch(middle, high)
        return [(AT_LEAST, len(left), 0, edges[middle][0])] + left + right

    return branch(0, len(edges))


def assemble(name, pid):
    return b"".join(struct.pack("HBBI", *i) for i in instructions(name, pid))
