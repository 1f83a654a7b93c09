"""The program a worker runs against itself before it is used: every attempt has to fail."""
import os
import socket


def attempts():
    """names of the forbidden things that worked"""
    tries = {
        "read /etc/passwd": lambda: open("/etc/passwd").close(),
        "read /proc/self/maps": lambda: open("/proc/self/maps").close(),
        "list the home directories": lambda: os.listdir("/home"),
        "write to /tmp": lambda: open("/tmp/couplet-selfcheck", "w").close(),
        "write to /dev/shm": lambda: open("/dev/shm/couplet-selfcheck", "w").close(),
        "open a network socket": lambda: socket.socket().close(),
        "open a local socket": lambda: socket.socket(socket.AF_UNIX).close(),
        "fork": lambda: os._exit(0) if os.fork() == 0 else None,
        "run a program": lambda: os.execv("/bin/true", ["true"]),
        "signal its parent": lambda: os.kill(os.getppid(), 0),
        "become another user": lambda: os.setuid(12345),
        "make a memory file": lambda: os.memfd_create("x"),
        "change directory": lambda: os.chdir("/usr"),
    }
    worked = []
    for name, attempt in tries.items():
        try:
            attempt()
            worked.append(name)
        except OSError:
            pass
    if any(n not in ("PATH", "LANG", "LC_CTYPE", "PWD", "PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE",
                     "MALLOC_ARENA_MAX") for n in os.environ):
        worked.append("see the environment")
    return worked

