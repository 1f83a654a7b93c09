"""Trusted and short-lived: builds one worker out of a judge and a runner, each confined, joined by a
socket, and becomes the judge. Reads nothing from disk: the sources arrive in the first frame and go
on in a sealed memory file. `boot` is that frame.

Descriptors of both: 0, 1, 2 and 3 = the socket between them, 4 = the memory file. The runner also gets
5 = the directory /proc, to see its own pages, and closes it before it confines itself.
"""
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys

PDEATHSIG = 1
SERVICE_UIDS = (61184, 65519)  # a range that systems leave to transient users
START = ("import os, json\n"
         "boot = json.loads(os.pread(4, 1 << 24, 0))\n"
         "os.close(4)\n"
         "exec(compile(boot['sources']['%s'], '<couplet %s>', 'exec'), {'boot': boot})\n")
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1",
               "MALLOC_ARENA_MAX": "2"}
# Set and dict order must not differ between workers: a verdict is a function of its job.
RUNNER_ENVIRONMENT = dict(ENVIRONMENT, PYTHONHASHSEED="0")


def answer(message):
    data = json.dumps(message).encode()
    data = len(data).to_bytes(4, "big") + data
    while data:
        data = data[os.write(1, data):]


def refuse(reason):
    answer({"refused": reason})
    os._exit(0)


def drop_root():
    """Real root is exempt from the process limit, so it never runs a worker."""
    if os.getuid() != 0 and os.geteuid() != 0:
        return
    low, high = SERVICE_UIDS
    uid = low + os.getpid() % (high - low)
    try:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    except OSError as e:
        refuse("started as root and cannot become user %d (%s); start it as an ordinary user"
               % (uid, e.strerror))


def prefer_as_victim():
    """Should memory run out, the kernel is to take a worker before anything else."""
    try:
        with open("/proc/self/oom_score_adj", "w") as f:
            f.write("500")
    except OSError:
        pass  # then the kernel judges by size alone


def tasks_of(uid):
    """Threads this user has now; the limit of the landlock tier counts all of them."""
    total = 0
    for name in os.listdir("/proc"):
        try:
            if name.isdigit() and os.stat("/proc/" + name).st_uid == uid:
                total += len(os.listdir("/proc/%s/task" % name))
        except OSError:
            continue
    return total


def read_only_paths(interpreter):
    """Directories the interpreter needs."""
    wanted = ["/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/share/zoneinfo"]
    for root in {sys.base_prefix, os.path.dirname(os.path.dirname(interpreter))}:
        if root not in ("/usr", "/"):
            wanted.append(root)
    return [p for p in wanted if os.path.isdir(p)]


def bubblewrap(interpreter, as_pid_1):
    arguments = [
        shutil.which("bwrap", path="/usr/bin:/usr/local/bin:/bin"),
        "--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--clearenv",
        "--cap-drop", "ALL", "--hostname", "sandbox"]
    if as_pid_1:
        arguments.append("--as-pid-1")
    bound = []
    for path in sorted(read_only_paths(interpreter)) + [interpreter]:
        if any(path.startswith(b + "/") for b in bound):
            continue
        if os.path.islink(path):
            arguments += ["--symlink", os.readlink(path), path]
        else:
            arguments += ["--ro-bind", path, path]
            bound.append(path)
    return arguments + ["--dev-bind", "/dev/null", "/dev/null", "--remount-ro", "/", "--chdir", "/"]


def namespaces_hold(interpreter):
    command = bubblewrap(interpreter, False)
    if command[0] is None:
        refuse("bubblewrap is not installed")
    probe = subprocess.run(
        command + [interpreter, "-I", "-S", "-c", ""], stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=ENVIRONMENT)
    if probe.returncode != 0:
        refuse("bubblewrap cannot make namespaces here (%s)"
               % (probe.stderr.decode("utf-8", "replace").strip() or "exit %d" % probe.returncode))


def sealed(boot):
    fd = os.memfd_create("couplet", os.MFD_ALLOW_SEALING)
    os.write(fd, json.dumps(boot).encode())
    fcntl.fcntl(fd, 1033, 0xF)  # F_ADD_SEALS: no seal, shrink, grow, write
    return fd


def processes():
    """/proc, or something in its place where nothing will be found"""
    try:
        return os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return os.open("/dev/null", os.O_RDONLY)


def exec_with(descriptors, command, environment):
    """`descriptors`, of 10 and above, become 3, 4, ..."""
    for fd, given in enumerate(descriptors, 3):
        os.dup2(given, fd)
    os.closerange(3 + len(descriptors), 1024)
    os.execve(command[0], command, environment)


def start_runner(descriptors, command, environment):
    import ctypes
    libc = ctypes.CDLL(None)
    parent = os.getpid()
    if os.fork() == 0:
        try:
            libc.prctl(PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(0)
            null = os.open("/dev/null", os.O_RDWR)
            os.dup2(null, 0)
            os.dup2(null, 1)
            exec_with(descriptors, command, environment)
        finally:
            os._exit(79)


def main(boot):
    interpreter = boot["interpreter"]
    os.setsid()  # the employer finds by it what a killed worker leaves
    os.chdir("/")
    prefer_as_victim()
    drop_root()
    judge_prefix, runner_prefix = [], []
    if boot["tier"] == "namespaces":
        namespaces_hold(interpreter)
        judge_prefix = bubblewrap(interpreter, False)
        runner_prefix = bubblewrap(interpreter, True)
        boot["tasks"] = 0
    else:
        # A user's own uid is shared with the user's other processes; a service uid is not.
        boot["tasks"] = tasks_of(os.getuid()) + (0 if os.getuid() >= SERVICE_UIDS[0] else 1024)
    boot["paths"] = read_only_paths(interpreter)
    ours, theirs = (s.detach() for s in socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET))
    ours, theirs, sources, proc = (
        fcntl.fcntl(fd, fcntl.F_DUPFD, 10) for fd in (ours, theirs, sealed(boot), processes()))
    python = [interpreter, "-s", "-S", "-c"]
    start_runner([theirs, sources, proc], runner_prefix + python + [START % ("runner", "runner")],
                 RUNNER_ENVIRONMENT)
    os.close(theirs)
    exec_with([ours, sources], judge_prefix + [interpreter, "-I", "-S", "-c", START % ("judge", "judge")],
              ENVIRONMENT)


main(boot)
