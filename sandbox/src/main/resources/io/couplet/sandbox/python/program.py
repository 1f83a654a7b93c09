"""Runs inside the confined child: loads the program, evaluates calls, returns values. It asserts
nothing and knows no expected value; a program that takes it over gains the right to answer calls,
which is what a program is for.

Only what happens before the program's first line is trusted: whether it parses, and whether its
syntax can carry state from one case to the next.
"""
import ast
import builtins
import io
import operator
import os
import random
import signal
import sys
import types

LOADED = ("couplet_wire", "couplet_syscalls", "couplet_confine", "couplet_state", "couplet_program")


class Program:
    def __init__(self, sock, wire):
        self.sock, self.wire = sock, wire
        self.inbox = wire.Inbox(sock.recv)
        self.objects, self.handles = [], {}
        self.module = types.ModuleType("__main__")
        self.names = self.module.__dict__
        self.names["__builtins__"] = builtins

    # ---- the conversation ----

    def send(self, message):
        self.sock.sendall(self.wire.frame(message))

    def serve(self):
        self.send({"q": 0})
        while True:
            self.execute(self.inbox.read())

    def execute(self, message):
        try:
            reply = getattr(self, "do_" + message["op"])(message)
        except self.wire.WireError as e:
            reply = {"exc": [["ValueError"], None, "the value cannot travel: %s" % e]}
        except BaseException as e:
            reply = self.failure(e)
        reply["q"] = message["q"]
        try:
            data = self.wire.frame(reply)
        except (self.wire.WireError, ValueError, RecursionError) as e:
            data = self.wire.frame({"q": message["q"], "exc": [["ValueError"], None, str(e)[:200]]})
        self.sock.sendall(data)

    def failure(self, e):
        # A class of the program is no built-in one, whatever it is called.
        names = [n if self.wire.EXCEPTIONS.get(n) is c else "~" + n
                 for c in type(e).__mro__[:20] for n in (c.__name__,)]
        try:
            arguments = self.encode(list(e.args))
        except BaseException:
            arguments = None
        try:
            text = str(e)[:500]
        except BaseException:
            text = ""
        return {"exc": [names, arguments, text]}

    # ---- values ----

    def encode(self, value):
        return self.wire.encode(value, self.refer)

    def decode(self, w):
        return self.wire.decode(w, self.resolve)

    def refer(self, value):
        if type(value) is Callback:
            return {"cb": value.number}
        key = id(value)
        handle = self.handles.get(key)
        if handle is None:
            handle = self.handles[key] = len(self.objects)
            self.objects.append(value)  # kept alive, so the id stays its own
        return {"r": handle, "k": type(value).__name__[:60], "c": callable(value),
                "y": isinstance(value, type), "b": isinstance(value, (list, dict, tuple, str, int, float,
                                                                      set, frozenset, bytes))}

    def resolve(self, w):
        if "h" in w:
            return self.objects[w["h"]]
        if "n" in w:
            return self.named(w["n"])
        if "cb" in w:
            return Callback(self, w["cb"])
        if "it" in w:
            return iter(CallbackIterator(Callback(self, w["it"])))
        raise self.wire.WireError("an unknown reference")

    def named(self, name):
        if name in self.names:
            return self.names[name]
        raise NameError("name %r is not defined" % name, name=name)

    # ---- operations ----

    def do_load(self, message):
        try:
            code = compile(message["program"], "<program>", "exec", dont_inherit=True)
            stateful = (not state.defines_plain_functions(code)
                        and state.is_stateful(ast.parse(message["program"])))
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError, SystemError) as e:
            text = "%s: %s" % (type(e).__name__, str(e)[:200])
            deep = not isinstance(e, (SyntaxError, ValueError)) or "too many" in text
            self.send({"q": message["q"], "parsed": False, "why": text, "deep": deep})
            os._exit(0)
        self.send({"q": message["q"], "parsed": True, "stateful": stateful})
        sys.modules["__main__"] = self.module
        sys.setrecursionlimit(1000 + depth())
        try:
            exec(code, self.names)
        except SystemExit as e:
            if e.code not in (None, 0):
                raise
        return {"v": None}

    def do_call(self, message):
        function = self.decode(message["f"])
        if "at" in message:
            function = getattr(function, message["at"])
        written = message["a"] + list(message["kw"].values())
        given = [self.decode(x) for x in written]
        positional = given[:len(message["a"])]
        named = dict(zip(message["kw"], given[len(message["a"]):]))
        reply = {}
        with Streams(self, message, reply):
            result = function(*positional, **named)
        mutable = self.wire.MUTABLE
        for i, x in enumerate(given):
            if x is result and type(x) in mutable:
                reply["al"] = i
                break
        else:
            made = isinstance(function, type) and isinstance(result, function)
            if made and self.wire.SAFE_TYPES.get(function.__name__) is not function \
                    and not hasattr(function, "_fields"):
                reply["v"] = self.refer(result)
                reply["made"] = True
            else:
                reply["v"] = self.encode(result)
        changed = {}
        for i, x in enumerate(given):
            if type(x) in mutable:
                now = self.encode(x)
                if now != written[i]:
                    changed[str(i)] = now
        if changed:
            reply["m"] = changed
        return reply

    def do_get(self, message):
        value = self.named(message["n"])
        if isinstance(value, types.ModuleType):
            return {"mod": value.__name__}
        return {"v": self.encode(value)}

    def do_attr(self, message):
        return {"v": self.encode(getattr(self.decode(message["o"]), message["at"]))}

    def do_setattr(self, message):
        setattr(self.decode(message["o"]), message["at"], self.decode(message["v"]))
        return {"v": None}

    def do_base(self, message):
        """the plain value under an instance of a user's subclass"""
        def whole(value):
            raise self.wire.Unsendable("no plain value")
        value = self.decode(message["o"])
        return {"v": self.wire._encode_subclass(value, lambda v: whole(v) if v is value else self.refer(v),
                                                0)}

    def do_iter(self, message):
        return {"v": self.refer(iter(self.decode(message["o"])))}

    def do_next(self, message):
        iterator, out = self.decode(message["o"]), []
        for _ in range(min(message["n"], 256)):
            try:
                out.append(self.encode(next(iterator)))
            except StopIteration:
                return {"v": out, "end": True}
        return {"v": out}

    def do_apply(self, message):
        operands = [self.decode(x) for x in message["a"]]
        return {"v": self.encode(OPERATIONS[message["u"]](*operands))}


OPERATIONS = {name: getattr(operator, name) for name in (
    "eq ne lt le gt ge add sub mul truediv floordiv mod pow matmul and_ or_ xor lshift rshift iadd isub "
    "imul getitem setitem delitem contains neg pos abs invert truth index").split()}
OPERATIONS.update(len=len, str=str, repr=repr, int=int, float=float, round=round, hash=hash,
                  isinstance=isinstance, issubclass=issubclass, format=format, reversed=reversed)


class Callback:
    """A function of the test's, called across the socket."""

    def __init__(self, program, number):
        self.program, self.number = program, number

    def __call__(self, *args, **kwargs):
        p = self.program
        p.send({"cb": self.number, "a": [p.encode(x) for x in args],
                "kw": {n: p.encode(x) for n, x in kwargs.items()}})
        while True:
            m = p.inbox.read()
            if "op" in m:
                p.execute(m)
            elif "exc" in m:
                raise p.wire.EXCEPTIONS.get(m["exc"][0], RuntimeError)(m["exc"][1])
            else:
                return p.decode(m["v"])


class CallbackIterator:
    def __init__(self, step):
        self.step = step

    def __iter__(self):
        while True:
            got = self.step()
            if not got:
                return
            yield got[0]


class Streams:
    """Standard input and output for one call, when the test has set its own."""

    def __init__(self, program, message, reply):
        self.program, self.message, self.reply = program, message, reply

    def __enter__(self):
        m = self.message
        self.kept = sys.stdin, sys.stdout, builtins.input
        if "in" in m:
            sys.stdin = io.StringIO(m["in"])
        if "out" in m:
            sys.stdout = self.captured = io.StringIO()
        if "input" in m:
            builtins.input = Callback(self.program, m["input"])

    def __exit__(self, *failure):
        sys.stdin, sys.stdout, builtins.input = self.kept
        if "out" in self.message:
            self.reply["out"] = self.captured.getvalue()


def depth():
    n, f = 0, sys._getframe()
    while f:
        n, f = n + 1, f.f_back
    return n


REHEARSED = '''
def f(n, words=("a", "b")):
    """a program like many"""
    total, seen = 0, {}
    for i in range(n):
        if i % 2 == 0 and i > 1:
            total += i
        else:
            total -= len(words)
        seen[i] = str(total)
    return [x for x in seen.values() if x.startswith("-")] + sorted(words)[::-1]
'''


class Script:
    """A socket that plays the judge: hands out what it was given, drops what it is sent."""

    def __init__(self, data):
        self.data = data

    def recv(self, limit):
        data, self.data = self.data[:limit], self.data[limit:]
        return data

    def sendall(self, data):
        pass


def rehearse(wire, times=20):
    """Loads and calls a program of our own in the process that forks the children. What the interpreter
    works out in its first runs (specialised instructions, type versions) it writes into the very pages
    of the code; done here, the children share those pages instead of copying each on its own."""
    main, limit = sys.modules["__main__"], sys.getrecursionlimit()
    for _ in range(times):
        play(wire, REHEARSED)
        sys.modules["__main__"] = main
        sys.setrecursionlimit(limit)


def play(wire, source):
    """one job, of which nobody hears"""
    call = {"op": "call", "f": {"n": "f"}, "a": [wire.encode(9, None)], "kw": {}}
    messages = [{"op": "load", "program": source}, call, call, call]
    data = b"".join(wire.frame(dict(m, q=i)) for i, m in enumerate(messages))
    try:
        Program(Script(data), wire).serve()
    except EOFError:
        pass


def begin():
    """what a child does before its job"""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    random.seed()  # a fork would otherwise hand every child the same numbers
    sys.argv[:] = ["-c"]
    for name in LOADED:
        sys.modules.pop(name, None)


def serve(sock, wire):
    begin()
    try:
        Program(sock, wire).serve()
    except (EOFError, OSError):
        os._exit(0)
