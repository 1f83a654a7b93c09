"""The judge's end of the conversation with one child. Everything that arrives is a claim to be checked."""
import builtins
import collections
import io
import os
import select
import sys

REAL_STREAMS = sys.stdin, sys.stdout
REAL_INPUT = builtins.input


class Broken(BaseException):
    """The child ended or spoke out of turn: the program's doing, and no test may catch it."""


class Unjudgeable(BaseException):
    """The test asks for something that cannot be judged from outside the program."""


class Channel:
    """One child. Replies must come in the order of the requests; others end the conversation."""

    def __init__(self, sock, wire, remote):
        self.sock, self.wire, self.remote = sock, wire, remote
        self.inbox = wire.Inbox(self._receive)
        self.number = 0
        self.awaited = collections.deque()
        self.callbacks, self.remotes, self.mirrors = [], {}, {}
        self.classes = frozenset()  # names that the tests may instantiate
        self.stops = False  # do the tests speak of StopIteration?
        self.changes = 0  # how often the test did what may have changed an object
        self.early = {}  # number of a call sent ahead -> its reply, or None until it is here
        self.ahead = None  # (reply number, name) of the current test's call, already under way
        self.broken = None
        self.ready = select.poll()
        self.ready.register(sock, select.POLLIN)
        self.ready.register(0, 0)  # our employer hanging up ends us in the middle of any case

    def _receive(self, limit):
        for fd, _ in self.ready.poll():
            if fd == 0:
                os._exit(0)
        return self.sock.recv(limit)

    def _break(self, why):
        self.broken = self.broken or why
        raise Broken(why) from None

    # ---- requests ----

    def send(self, message):
        self.number = message["q"] = self.number + 1
        try:
            data = self.wire.frame(message)
        except self.wire.WireError as e:
            raise Unjudgeable(str(e)) from None
        self.transmit(data)
        self.awaited.append(self.number)
        return self.number

    def transmit(self, data):
        """A child that is gone may have said why: what it wrote is still here to be read, so `read` finds the end."""
        try:
            self.sock.sendall(data)
        except OSError:
            pass

    def send_ahead(self, templates):
        """Requests for several tests in one write; returns their numbers."""
        numbers, parts = [], []
        for template in templates:
            self.number += 1
            data = b'%s,"q":%d}' % (template, self.number)
            parts.append(len(data).to_bytes(4, "big") + data)
            numbers.append(self.number)
        self.transmit(b"".join(parts))
        self.awaited.extend(numbers)
        self.early.update(dict.fromkeys(numbers))
        return numbers

    def read(self, number):
        """the reply to a request; replies to requests that a test gave up are dropped"""
        early = self.early.pop(number, None)
        if early is not None:
            return early
        try:
            while True:
                message = self.inbox.read()
                if type(message) is not dict:
                    raise self.wire.WireError("no object")
                if "cb" in message:
                    self._answer(message)
                    continue
                got = message.get("q")
                if not self.awaited or got != self.awaited[0] or type(got) is not int:
                    raise self.wire.WireError("a reply out of turn")
                if "parsed" not in message:
                    self.awaited.popleft()
                if got == number:
                    return message
                if got in self.early:
                    self.early[got] = message
        except (EOFError, OSError):
            self._break("the program ended")
        except (self.wire.WireError, KeyError, TypeError, ValueError, IndexError, AttributeError,
                RecursionError) as e:
            self._break("the program's answer is not acceptable: %s" % e)

    def hello(self):
        """true when the child says that it is confined; it cannot be hostile yet"""
        try:
            return self.inbox.read() == {"q": 0}
        except (EOFError, OSError, self.wire.WireError):
            return False

    def ask(self, message):
        return self.result(self.read(self.send(message)))

    def result(self, reply):
        if "exc" in reply:
            raise self._raised(reply["exc"])
        return reply

    def value(self, reply):
        try:
            return self.wire.decode(reply.get("v"), self._resolve)
        except (self.wire.WireError, TypeError, ValueError, KeyError, RecursionError) as e:
            self._break("the program's answer is not acceptable: %s" % e)

    def get(self, message):
        return self.value(self.ask(message))

    # ---- calls ----

    def call(self, target, args, kwargs, at=None):
        if self.ahead is not None and self.ahead[1] == target.get("n") and at is None:
            number, self.ahead = self.ahead[0], None
        else:
            message = {"op": "call", "f": target, "a": [self.encode(x) for x in args],
                       "kw": {k: self.encode(x) for k, x in kwargs.items()}}
            if at is not None:
                message["at"] = at
            self._streams(message)
            number = self.send(message)
        reply = self.read(number)
        if type(reply.get("out")) is str and sys.stdout is not REAL_STREAMS[1]:
            sys.stdout.write(reply["out"])
        self.result(reply)
        given = list(args) + list(kwargs.values())
        try:
            for i, w in (reply.get("m") or {}).items():
                self.wire.update(given[int(i)], self.wire.decode(w, self._resolve))
            if "al" in reply:
                result = given[reply["al"]]
                if type(result) not in self.wire.MUTABLE:
                    raise self.wire.WireError("no such argument")
            else:
                result = self.value(reply)
        except (self.wire.WireError, KeyError, TypeError, ValueError, IndexError, AttributeError,
                RecursionError) as e:
            self._break("the program's answer is not acceptable: %s" % e)
        return result, reply.get("made") is True

    def may_be_class(self, name):
        """may the tests instantiate what has this name (None: what an object holds)?"""
        return name in self.classes or name is None and bool(self.classes)

    def _streams(self, message):
        """what the test has put in place of the standard streams goes along with the call"""
        if sys.stdin is not REAL_STREAMS[0] and hasattr(sys.stdin, "read"):
            message["in"] = sys.stdin.read()
        if sys.stdout is not REAL_STREAMS[1]:
            message["out"] = True
        if builtins.input is not REAL_INPUT:
            message["input"] = self._callback(builtins.input)

    # ---- references ----

    def encode(self, value):
        try:
            return self.wire.encode(value, self._refer)
        except self.wire.Unsendable as e:
            raise Unjudgeable(str(e)) from None
        except self.wire.WireError as e:
            raise ValueError(str(e)) from None

    def _refer(self, value):
        if type(value) is self.wire.Record:
            value = value._remote
        if isinstance(value, self.remote.Remote):
            return object.__getattribute__(value, "_ref")
        if hasattr(type(value), "__next__"):
            return {"it": self._callback(lambda: [x] if (x := next(value, value)) is not value else [])}
        if callable(value):
            return {"cb": self._callback(value)}
        raise self.wire.Unsendable(
            "a %s of the test would have to travel into the program" % type(value).__name__)

    def _callback(self, function):
        self.callbacks.append(function)
        return len(self.callbacks) - 1

    def _resolve(self, w):
        if type(w.get("r")) is int:
            known = self.remotes.get(w["r"])
            if known is None:
                known = self.remotes[w["r"]] = self.remote.create(self, w)
            return known
        if type(w.get("cb")) is int and w["cb"] >= 0:
            return self.callbacks[w["cb"]]
        raise self.wire.WireError("an unknown reference")

    # ---- what the child may ask of the judge: to call a function that a test handed over ----

    def _answer(self, message):
        if type(message["cb"]) is not int or message["cb"] < 0:
            raise self.wire.WireError("no such function")
        function = self.callbacks[message["cb"]]
        args = [self.wire.decode(x, self._resolve) for x in message["a"]]
        kwargs = {str(k): self.wire.decode(x, self._resolve) for k, x in message["kw"].items()}
        outer, self.awaited = self.awaited, collections.deque()
        try:
            try:
                answer = {"v": self.encode(function(*args, **kwargs))}
            except Exception as e:
                answer = {"exc": [type(e).__name__, str(e)[:500]]}
        finally:
            self.awaited = outer
        self.transmit(self.wire.frame(answer))

    # ---- exceptions ----

    def mirror(self, name):
        """the judge's stand-in for an exception class of the program"""
        if name not in self.mirrors:
            self.mirrors[name] = type(name, (Exception,), {})
        return self.mirrors[name]

    def _raised(self, exc):
        names, arguments, text = exc if type(exc) is list and len(exc) == 3 else ([], None, "")
        bases = []
        for name in names if type(names) is list else ():
            if type(name) is not str:
                continue
            if name[1:] in self.mirrors and name[0] == "~":
                bases.append(self.mirrors[name[1:]])
            elif name in self.wire.EXCEPTIONS:
                bases.append(self.wire.EXCEPTIONS[name])
                break
        text = text if type(text) is str else ""
        if not self.stops and any(issubclass(b, StopIteration) for b in bases):
            # Raised by a function, it would end what reads the function's values as if there were no more.
            return RuntimeError("the program raised StopIteration")
        try:
            given = [text] if arguments is None else self.wire.decode(arguments, self._resolve)
            kind = bases[0] if len(bases) == 1 else type(str(names[0])[1:], tuple(bases), {})
            return kind(*given)
        except Exception:
            return RuntimeError(text)
