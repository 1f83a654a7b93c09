"""Trusted: runs the tests with the names under test bound to stand-ins for objects in the program, and
gives the verdicts. No expected value and no line of a test ever leaves this process.

Descriptors: 0 jobs in, 1 verdicts out (frames), 3 the runner. Exit status 76 and death by SIGPROF mean
that a value or a test was more than this process could take; the employer knows them by number.
"""
import builtins
import gc
import importlib
import json
import os
import signal
import socket
import struct
import sys
import time
import types

sys.path[:] = [p for p in sys.path if p]
for _name in ("wire", "syscalls", "confine", "proxies", "channel", "plan"):
    _module = types.ModuleType("couplet_" + _name)
    if _name == "plan":
        _module.wire = wire
    exec(compile(boot["sources"][_name], "<couplet %s>" % _name, "exec"), _module.__dict__)
    globals()[_name] = _module

import collections, copy, dataclasses, datetime, decimal, fractions, functools, heapq, io  # noqa: used by tests
import itertools, math, operator, random, re, statistics, string, typing  # noqa

CONTROL = 3
OVERWHELMED, LOST = 76, 71
MEMORY = 1 << 30
STRETCH = 8  # a case starved of processor time gets at most this many time limits
PATIENCE = 3  # limits of wall time before a program that does nothing on a crowded machine is idle
IDLE = 0.05  # less processor time than this share of the wall time is waiting, not working
GRACE = 2.0  # processor seconds beyond the limit before an uninterruptible operation ends the judge
AHEAD_BYTES = 60_000  # what is sent ahead must fit the socket, or both ends would wait
PASSED, FAILED, TIMEOUT, SKIPPED = "PASSED", "FAILED", "TIMEOUT", "SKIPPED"


class Deadline(BaseException):
    """The time of a case is over."""


class Clock:
    """The time limit of one case: processor time of the program and the judge together, and wall time
    where neither is working. A starved program is not a slow one."""

    def __init__(self, program_seconds):
        self.program_seconds = program_seconds
        signal.signal(signal.SIGALRM, self._look)

    def run(self, limit, action):
        """raises Deadline when the time is over, even when the action caught it"""
        self.limit, self.began, self.expired = limit, time.monotonic(), False
        self.wall = self.used = self.cpu = None
        try:
            try:
                self.active = True
                # The default action of SIGPROF ends the process: the way out of a C function that
                # never ends.
                signal.setitimer(signal.ITIMER_PROF, limit + GRACE)
                signal.setitimer(signal.ITIMER_REAL, 0.2 * limit)
                action()
            finally:
                self._stop()
        finally:
            self._stop()  # again, should the first have been interrupted by the signal it turns off
        if self.expired:
            raise Deadline()

    def _stop(self):
        self.active = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        self.ended = time.monotonic()

    def ms(self):
        """wall time of the latest run"""
        return round((self.ended - self.began) * 1e3, 3)

    def _look(self, *_):
        if not self.active:
            return
        wall, cpu = time.monotonic() - self.began, self.program_seconds() + time.process_time()
        if self.used is None:
            self.used = wall  # what ran before the first look counts in full
        else:
            worked, waited = cpu - self.cpu, wall - self.wall
            self.used += worked
            if worked < IDLE * waited and not (wall < PATIENCE * self.limit and crowded()):
                self.used += waited
            if self.expired or self.used >= 0.97 * self.limit or wall >= STRETCH * self.limit:
                self.expired = True
                signal.setitimer(signal.ITIMER_REAL, 0.2)  # again, should the test catch it
                raise Deadline()
        self.wall, self.cpu = wall, cpu
        signal.setitimer(signal.ITIMER_REAL, max(0.01, self.limit - self.used))


def crowded():
    """more runnable threads than processors over the last minute: waiting may be starving"""
    return confine.load_average() > len(os.sched_getaffinity(0))


class Runner:
    """The judge's view of the process that keeps children ready."""

    def __init__(self, sock):
        self.sock = sock
        self.ready = collections.deque()
        self.busy = False

    def child(self):
        while not self.ready:
            self._receive()
        self.busy = True
        talk = channel.Channel(socket.socket(fileno=self.ready.popleft()), wire, proxies)
        if not talk.hello():
            lost("a fresh child ended before it was given anything")
        return talk

    def end_child(self, talk):
        talk.sock.close()
        self.busy = False
        self._order(b"K")

    def program_seconds(self):
        """processor time of the child in use"""
        if not self.busy:
            return 0.0
        self._order(b"T")
        seconds = None
        while seconds is None:
            seconds = self._receive()
        return seconds

    def _receive(self):
        """one message: seconds are returned, a child is put with those that are ready"""
        try:
            message, fds, _, _ = socket.recv_fds(self.sock, 4096, 1)
        except OSError:
            message, fds = b"", []
        if message[:1] == b"T" and len(message) == 9:
            return struct.unpack("d", message[1:])[0]
        if message[:1] == b"R":
            refuse(message[1:].decode("utf-8", "replace"))
        if message != b"C" or not fds:
            lost("the runner ended")
        self.ready.append(fds[0])
        return None

    def _order(self, letter):
        try:
            self.sock.sendall(letter)
        except OSError:
            lost("the runner ended")


class StartAgain(BaseException):
    """The program carries state, which calls for another way of loading it."""


class LoadFailed(Exception):
    """The program does not come up; nothing can be called."""


class Trial:
    """One job from its first child to its verdicts."""

    def __init__(self, job, runner, clock):
        self.program, self.whole = job["program"], job["whole"]
        self.limit = job["timeout_ms"] / 1e3
        self.plan = plan.of(job["tests"], job["setup"], job["entry_point"])
        self.runner, self.clock = runner, clock
        self.results = [None] * len(self.plan.tests)
        self.parses, self.one_case_each, self.came_up = True, False, False
        self.talk, self.base, self.ahead, self.fetched = None, None, {}, set()

    def run(self):
        try:
            for i in range(len(self.results)):
                failure = self._load(i) if self.talk is None else None
                if failure and not self.came_up:
                    self.results[i:] = [failure] * (len(self.results) - i)
                    break
                self.results[i] = failure or self._case(i)
                timed_out = self.results[i][0] == TIMEOUT
                if timed_out and self.whole:
                    break
                if failure or timed_out or self.one_case_each or self.talk.broken:
                    self._end()
        finally:
            self._end()
        skipped = [SKIPPED, 0, "not run: an earlier case ran out of time"]
        return {"parses": self.parses, "cases": [r or skipped for r in self.results]}

    def _end(self):
        if self.talk is not None:
            self.runner.end_child(self.talk)
            self.talk = None

    # ---- loading ----

    def _load(self, i):
        """brings the program up for case `i`; the result of the case when it does not come up"""
        self.talk = self.runner.child()
        self.talk.classes, self.talk.stops = self.plan.classes, self.plan.stops
        try:
            self.clock.run(self.limit, lambda: (self._load_program(i), self._enter_setup()))
        except StartAgain:
            self._end()
            return self._load(i)
        except Deadline:
            return [TIMEOUT, self.clock.ms(), "the program did not finish loading within %d ms"
                    % round(self.limit * 1e3)]
        except channel.Unjudgeable as e:
            raise plan.Refused("The setup cannot be judged: %s" % e) from None
        except (LoadFailed, channel.Broken) as e:
            return [FAILED, self.clock.ms(), printable(str(e))]
        finally:
            restore_streams()
        self.came_up = True
        return None

    def _load_program(self, i):
        talk = self.talk
        number = talk.send({"op": "load", "program": self.program})
        self._send_ahead(i)
        parsed = talk.read(number)
        if parsed.get("parsed") is not True:
            why = "the program does not parse: %s" % parsed.get("why")
            if parsed.get("deep"):
                raise TooDeep(why)
            self.parses = False
            raise LoadFailed(why)
        if parsed.get("stateful") is True and len(self.results) > 1 and not self.one_case_each:
            self.one_case_each = True
            if len(self.ahead) > 1:  # later calls are under way in the child of the first case
                raise StartAgain()
        try:
            talk.result(talk.read(number))
        except (channel.Broken, Deadline):
            raise
        except BaseException as e:
            raise LoadFailed("loading raised %s" % describe(e)) from None

    def _send_ahead(self, first):
        """the calls of the coming tests, up to the first that has to wait for its predecessor"""
        self.ahead, templates, size = {}, [], 0
        last = first + 1 if self.one_case_each else len(self.results)
        for i in range(first, last):
            found = self.plan.templates[i]
            if found is None:
                break
            size += len(found[1]) + 32
            if size > AHEAD_BYTES:
                break
            templates.append((i, found))
        if templates:
            numbers = self.talk.send_ahead([t[1][1] for t in templates])
            self.ahead = {i: (n, found[0]) for (i, found), n in zip(templates, numbers)}

    def _enter_setup(self):
        names = {"__name__": "__main__", "__builtins__": builtins}
        for name in self.plan.free:
            self._bind(names, name)
        if self.plan.setup is not None:
            try:
                exec(self.plan.setup.code, names)
            except (channel.Broken, channel.Unjudgeable, Deadline):
                raise
            except BaseException as e:
                if not self.plan.setup.free & (self.plan.entries | self.fetched):
                    raise plan.Refused("The setup fails by itself: %s" % describe(e)) from None
                raise LoadFailed("the setup failed: %s" % describe(e)) from None
        self.base = names

    def _bind(self, names, name):
        if name in self.plan.entries:
            names[name] = proxies.name(self.talk, name)
        elif name in plan.BUILTINS:
            pass
        elif name in plan.MODULES:
            names[name] = importlib.import_module(name)
        elif name in plan.FROM:
            names[name] = getattr(importlib.import_module(plan.FROM[name]), name)
        elif name in plan.ALIASES:
            if not plan._available(plan.ALIASES[name]):
                raise plan.Refused("A test uses %s, which the judge does not have" % name)
            names[name] = importlib.import_module(plan.ALIASES[name])
        elif name in self.plan.caught:
            names[name] = self.talk.mirror(name)
        else:
            self._fetch(names, name)

    def _fetch(self, names, name):
        self.fetched.add(name)
        try:
            reply = self.talk.ask({"op": "get", "n": name})
        except Exception:
            return  # using it raises NameError, as it should
        if "mod" in reply:
            raise plan.Refused("A test uses %s, a module that it does not import" % name)
        value = self.talk.value(reply)
        if isinstance(value, proxies.RemoteFunction):
            value = proxies.name(self.talk, name)
        names[name] = value

    # ---- one case ----

    def _case(self, i):
        test, talk = self.plan.tests[i], self.talk
        failure = []

        def attempt():
            # What is said of a failure may be an object's own text: within the case's time as well.
            try:
                exec(test.code, dict(self.base))
            except (Deadline, channel.Unjudgeable, channel.Broken):
                raise
            except AssertionError as e:
                failure.append("assertion failed" + (": " + text(e) if text(e) else ""))
            except BaseException as e:
                failure.append(describe(e))

        outcome, why = FAILED, None
        talk.ahead = self.ahead.pop(i, None)
        try:
            self.clock.run(self.limit, attempt)
            outcome, why = (FAILED, failure[0]) if failure else (PASSED, None)
        except Deadline:
            outcome, why = TIMEOUT, "no answer within %d ms" % round(self.limit * 1e3)
        except channel.Unjudgeable as e:
            raise plan.Refused("%s cannot be judged: %s" % (test.what, e)) from None
        except channel.Broken as e:
            why = str(e)
        finally:
            talk.ahead = None
            restore_streams()
        if talk.broken and outcome == PASSED:  # whatever a bare except made of it
            outcome, why = FAILED, talk.broken
        return [outcome, self.clock.ms(), why and printable(why)]


class TooDeep(Exception):
    """The program's text is beyond what the parser can take."""


def restore_streams():
    sys.stdin, sys.stdout = channel.REAL_STREAMS
    builtins.input = channel.REAL_INPUT


def text(e):
    try:
        return str(e)[:300]
    except Deadline:
        raise
    except BaseException:
        return ""


def describe(e):
    return "%s: %s" % (type(e).__name__, text(e)) if text(e) else type(e).__name__


def printable(line):
    line = " ".join(line.split())[:400]
    return line.encode("utf-8", "backslashreplace").decode()


# ---- the employer -------------------------------------------------------------------------------

def lost(why):
    """the worker is not usable any more, through no fault of the program"""
    os.write(2, why.encode())
    os._exit(LOST)


def refuse(why):
    answer({"refused": why})
    os._exit(0)


def answer(message):
    data = json.dumps(message).encode()
    data = len(data).to_bytes(4, "big") + data
    while data:
        data = data[os.write(1, data):]


def jobs():
    source = os.fdopen(os.dup(0), "rb", 1 << 16)
    while True:
        head = source.read(4)
        if len(head) < 4:
            os._exit(0)
        yield json.loads(source.read(int.from_bytes(head, "big")))


def verdict(job, runner, clock):
    try:
        return Trial(job, runner, clock).run()
    except plan.Refused as e:
        return {"invalid": printable(str(e)), "program_at_fault": False}
    except TooDeep as e:
        return {"invalid": printable(str(e)), "program_at_fault": True}
    except (MemoryError, RecursionError):
        os._exit(OVERWHELMED)
    except BaseException as e:
        lost("the judge failed: %s" % describe(e))


def selfcheck(runner, clock):
    """attacks the confinement before anything untrusted does"""
    talk = runner.child()
    worked = []

    def attempt():
        number = talk.send({"op": "load", "program": boot["sources"]["selfcheck"]})
        talk.result(talk.read(number))
        talk.result(talk.read(number))
        worked.extend(talk.call({"n": "attempts"}, (), {})[0])

    try:
        clock.run(30, attempt)
    except BaseException as e:
        return "its self-check does not run (%s)" % describe(e)
    finally:
        runner.end_child(talk)
    return "a program could " + ", ".join(worked) if worked else None


def main():
    runner = Runner(socket.socket(fileno=CONTROL))
    try:
        confinement = confine.Confinement(syscalls, boot["paths"], MEMORY, boot["tasks"] + 16)
        confinement.enter()
        confinement.seal()
    except confine.NotConfined as e:
        refuse(str(e))
    clock = Clock(runner.program_seconds)
    reason = selfcheck(runner, clock)
    if reason:
        refuse(reason)
    boot.clear()
    gc.collect()
    gc.freeze()
    answer({"ready": True})
    for job in jobs():
        answer(verdict(job, runner, clock))


main()
