"""What a test is about, decided from the tests alone and never from what a program says."""
import ast
import builtins
import collections
import datetime
import decimal
import fractions
import importlib.util
import json
import types

BUILTINS = frozenset(dir(builtins))
MODULES = frozenset(
    "math cmath re collections itertools heapq functools typing bisect string random datetime decimal "
    "fractions statistics copy operator json io sys os time types enum dataclasses contextlib".split())
# Names that tests use without importing them, because programs usually do.
MEMBERS = {
    "collections": "Counter deque defaultdict OrderedDict namedtuple",
    "math": "isclose sqrt inf nan pi isnan isinf", "decimal": "Decimal", "fractions": "Fraction",
    "copy": "deepcopy", "datetime": "timedelta",
    "typing": "List Dict Tuple Set FrozenSet Optional Any Union Callable Iterable Iterator Sequence"}
FROM = {n: module for module, names in MEMBERS.items() for n in names.split()}
# Never the program's: an object of the program under one of these names would judge itself.
ALIASES = {"np": "numpy", "numpy": "numpy", "pd": "pandas", "pandas": "pandas", "torch": "torch",
           "scipy": "scipy", "sympy": "sympy", "sp": "sympy", "nx": "networkx", "pytest": "pytest",
           "unittest": "unittest", "dt": "datetime", "it": "itertools", "hq": "heapq",
           "ft": "functools"}
BLIND = ("eval", "exec", "globals", "locals", "vars", "compile", "__import__")
PARSE_ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError, SystemError)
# What a test may ask of a plain value or an exception; asking for another attribute, it is about objects.
VALUE_ATTRIBUTES = frozenset(
    n for t in (str, bytes, bytearray, list, tuple, dict, set, frozenset, int, float, complex, range, slice, Exception,
                StopIteration, SystemExit, collections.deque, collections.Counter, collections.OrderedDict,
                collections.defaultdict, decimal.Decimal, fractions.Fraction, datetime.datetime, datetime.timedelta,
                type(collections.namedtuple("Any", ())), collections.namedtuple("Any", ()), types.GeneratorType)
    for n in dir(t)) | {"__name__", "__doc__", "getvalue"}
LOOPS = (ast.For, ast.While, ast.comprehension, ast.Lambda, ast.FunctionDef, ast.AsyncFunctionDef,
         ast.IfExp, ast.BoolOp)
KEPT, KEPT_LENGTH = 4096, 4096


class Refused(Exception):
    """The tests cannot be judged; the message says which and why."""


class Source:
    """One test, or the setup, taken apart."""

    def __init__(self, text, what):
        try:
            name = "<%s>" % what.lower()
            tree = ast.parse(text, name)
            self.code = compile(tree, name, "exec", dont_inherit=True)
        except PARSE_ERRORS as e:
            raise Refused("%s does not parse: %s" % (what, _describe(e))) from None
        self.tree, self.text, self.what = tree, text, what
        stored, loaded, called, caught, bases = set(), set(), set(), set(), set()
        imported, modules = set(), set()
        self.attributes, self.stops = set(), False
        for n in ast.walk(tree):
            if isinstance(n, ast.Attribute) and not _of_module(n.value):
                self.attributes.add(n.attr)
            if isinstance(n, ast.Name):
                self.stops |= n.id == "StopIteration"
                (loaded if isinstance(n.ctx, ast.Load) else stored).add(n.id)
            elif isinstance(n, ast.arg):
                stored.add(n.arg)
            elif isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                stored.add(n.name)
            elif isinstance(n, ast.ExceptHandler):
                if n.name:
                    stored.add(n.name)
                kinds = n.type.elts if isinstance(n.type, ast.Tuple) else [n.type]
                caught.update(k.id for k in kinds if isinstance(k, ast.Name))
            elif isinstance(n, ast.Import):
                modules.update(a.name for a in n.names)
                imported.update((a.asname or a.name).split(".")[0] for a in n.names)
            elif isinstance(n, ast.ImportFrom):
                modules.add(n.module if n.module and not n.level else ".")
                imported.update(a.asname or a.name for a in n.names)
            elif isinstance(n, ast.Call) and isinstance(n.func, ast.Name):
                called.add(n.func.id)
            elif isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name):
                bases.add(n.value.id)
        self.stored, self.imported = stored, imported
        self.free = loaded - stored - imported
        self.called, self.caught, self.bases = called & self.free, caught & self.free, bases & self.free
        for name in sorted(modules):
            if not _available(name):
                raise Refused("%s imports %s, which the judge does not have" % (what, name))
        for name in BLIND:
            if name in self.called:
                raise Refused("%s calls %s, which hides from the judge what it uses" % (what, name))
        self.single = _single_call(tree)

    def only_defines(self):
        return all(isinstance(n, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign,
                                  ast.Pass)) or isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)
                   for n in self.tree.body)

    def functions(self):
        return [n for n in self.tree.body if isinstance(n, ast.FunctionDef)]


def _of_module(n):
    return isinstance(n, ast.Name) and (n.id in MODULES or n.id in ALIASES)


def _describe(e):
    return "%s: %s" % (type(e).__name__, str(e)[:200])


_found = {}


def _available(module):
    root = module.split(".")[0]
    if root not in _found:
        try:
            _found[root] = importlib.util.find_spec(root) is not None
        except (ImportError, ValueError):
            _found[root] = False
    return _found[root]


def _single_call(tree):
    """(name, message without its number) when the test is one assertion around one call of a name
    with literal arguments: then the call can be sent ahead without changing what is evaluated"""
    if len(tree.body) != 1 or not isinstance(tree.body[0], ast.Assert):
        return {}
    calls = collections.defaultdict(list)
    for n in ast.walk(tree):
        if isinstance(n, LOOPS):
            return {}
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name):
            calls[n.func.id].append(n)
    out = {}
    for name, found in calls.items():
        if len(found) == 1:
            try:
                out[name] = _template(name, found[0])
            except (ValueError, TypeError, KeyError, wire.WireError, RecursionError, MemoryError):
                continue
    return out


def _template(name, call):
    def refuse(value):
        raise wire.Unsendable("no plain value")
    args = [wire.encode(ast.literal_eval(x), refuse) for x in call.args]
    kwargs = {}
    for k in call.keywords:
        if k.arg is None:
            raise ValueError("unpacked")
        kwargs[k.arg] = wire.encode(ast.literal_eval(k.value), refuse)
    message = {"op": "call", "f": {"n": name}, "a": args, "kw": kwargs}
    return json.dumps(message, separators=(",", ":")).encode()[:-1]


_sources = {}


def source(text, what):
    if len(text) > KEPT_LENGTH:
        return Source(text, what)
    known = _sources.get(text)
    if known is None:
        if len(_sources) >= KEPT:
            _sources.clear()
        known = _sources[text] = Source(text, what)
    return known


_plans = {}


def of(tests, setup, entry_point):
    """the plan of a job; the completions of one problem share it"""
    key = (tuple(tests), setup, entry_point)
    if sum(map(len, tests)) > KEPT_LENGTH:
        return Plan(tests, setup, entry_point)
    known = _plans.get(key)
    if known is None:
        if len(_plans) >= KEPT:
            _plans.clear()
        known = _plans[key] = Plan(tests, setup, entry_point)
    return known


class Plan:
    """All tests of a job and the names they examine."""

    def __init__(self, tests, setup, entry_point):
        self.setup = source(setup, "The setup") if setup else None
        given = self.setup.stored | self.setup.imported if self.setup else set()
        self.tests = [_runnable(source(t, "Test %d" % (i + 1)), entry_point, given)
                      for i, t in enumerate(tests)]
        parts = self.tests + ([self.setup] if self.setup else [])
        self.free = set().union(*(p.free for p in parts)) - given
        self.caught = set().union(*(p.caught for p in parts)) - BUILTINS
        called = set().union(*(p.called for p in parts)) - given
        self.entries = {n for n in called if not _known(n)} - self.caught
        if entry_point:
            self.entries.add(entry_point)
        elif all(_known(n) for n in self.free):
            # "Write pow": the name under test shadows a known one, and no other is used.
            shadowing = called.intersection(*(t.called for t in self.tests))
            if len(shadowing) == 1:
                self.entries = shadowing
        self.stops = any(p.stops for p in parts)
        self.classes = self._classes(parts)
        self.templates = [self._template(i) for i in range(len(self.tests))]

    def _classes(self, parts):
        """names that the tests may instantiate: those that are written like a class, and any where they look at
        what only objects have"""
        if all(p.attributes <= VALUE_ATTRIBUTES for p in parts):
            return frozenset(n for n in self.entries if n.lstrip("_")[:1].isupper())
        return frozenset(self.entries)

    def _template(self, i):
        """the one call of test `i` that can be sent ahead, as (name, message), or None"""
        test = self.tests[i]
        for name, message in test.single.items():
            if name in self.entries and not (test.free - self.entries - BUILTINS):
                if sum(n in self.entries for n in test.called) == 1:
                    return name, message
        return None


def _known(name):
    return name in BUILTINS or name in FROM or name in MODULES or name in ALIASES


def _runnable(test, entry_point, given):
    """a test that only defines functions is completed by the call it is meant for"""
    if not test.only_defines():
        return test
    names = [f.name for f in test.functions()]
    if "check" in names and entry_point:
        return source("%s\ncheck(%s)\n" % (test.text, entry_point), test.what)
    cases = [f.name for f in test.functions() if f.name.startswith("test") and not f.args.args]
    if cases:
        return source(test.text + "\n" + "".join("%s()\n" % n for n in cases), test.what)
    raise Refused("%s runs nothing: it only defines names%s" % (
        test.what, "; check(candidate) needs the entry point" if "check" in names else ""))
