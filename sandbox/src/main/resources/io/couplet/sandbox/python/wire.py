"""Values and frames between the judge (trusted) and a program's process (not trusted).

A frame is a 4-byte big-endian length and JSON. A value is written by its exact type under a tag; a
value of a user's subclass is written as the value of its base type, so that what an overriding
method says stays behind. Reading builds exact built-in types only: nothing is evaluated or imported,
and whatever would be costly to build, hash or compare out of proportion to its bytes is refused.
"""
import builtins
import collections
import datetime
import decimal
import fractions
import json
import types

MAX_FRAME = 8 << 20
MAX_TRAFFIC = 64 << 20
MAX_DEPTH = 100
MAX_RANGE = 10_000_000
MAX_FRACTION_DIGITS = 5_000  # hexadecimal; normalising a fraction is quadratic
MAX_DECIMAL_EXPONENT = 5_000
MAX_VALUES = 2_000_000  # in one message, shared parts counted each time
EXACT_INT = 1 << 53

SAFE_TYPES = {t.__name__: t for t in (
    int, float, str, bool, list, tuple, dict, set, frozenset, bytes, bytearray, complex, object, type,
    range, type(None), collections.deque, collections.Counter, collections.OrderedDict,
    collections.defaultdict, decimal.Decimal, fractions.Fraction, types.FunctionType,
    types.GeneratorType)}
EXCEPTIONS = {n: e for n, e in vars(builtins).items()
              if isinstance(e, type) and issubclass(e, BaseException)}
SAFE_TYPES.update(EXCEPTIONS)
SAFE_FUNCTIONS = {n: getattr(builtins, n) for n in (
    "abs all any ascii bin callable chr divmod enumerate filter format hash hex isinstance issubclass "
    "iter len map max min next oct ord pow print repr reversed round sorted sum zip").split()}
DATES = {"date": datetime.date, "time": datetime.time, "datetime": datetime.datetime}

_dumps = json.JSONEncoder(ensure_ascii=True, check_circular=False, separators=(",", ":")).encode
_loads = json.JSONDecoder().decode
_KEYS, _ITEMS = type({}.keys()), type({}.items())
_FLAT = frozenset((type(None), bool, str, float))
_PLAIN = frozenset((type(None), bool, str, float, int))


class WireError(Exception):
    """Malformed, oversized or forbidden."""


class Unsendable(WireError):
    """The value is of a type that cannot travel."""


def frame(message):
    data = _dumps(message).encode()
    if len(data) > MAX_FRAME:
        raise WireError("a message of %d bytes is over the limit" % len(data))
    return len(data).to_bytes(4, "big") + data


def parse(data):
    try:
        return _loads(str(data, "ascii"))
    except (ValueError, RecursionError) as e:
        raise WireError("unreadable message: %s" % type(e).__name__)


class Inbox:
    """Reassembles frames; `receive(limit)` returns at most so many bytes, b"" at the end."""

    def __init__(self, receive):
        self.receive, self.buffer, self.left = receive, b"", MAX_TRAFFIC

    def read(self):
        buffer = self.buffer
        while len(buffer) < 4:
            buffer += self._more(65536)
        size = int.from_bytes(buffer[:4], "big") + 4
        self.left -= size
        if size > MAX_FRAME or self.left < 0:
            raise WireError("too many bytes")
        if len(buffer) < size:
            parts, have = [buffer], len(buffer)
            while have < size:
                part = self._more(max(65536, min(1 << 20, size - have)))
                parts.append(part)
                have += len(part)
            buffer = b"".join(parts)
        self.buffer = buffer[size:]
        return parse(buffer[4:size])

    def _more(self, limit):
        part = self.receive(limit)
        if not part:
            raise EOFError
        return part


# ---- writing ----------------------------------------------------------------------------------

_left = [0]


def encode(v, refer, depth=0):
    """`refer(object)` gives the wire form of what is no plain value, or raises Unsendable."""
    t = type(v)
    if depth == 0:
        _left[0] = MAX_VALUES
    if t in _FLAT:
        return v
    if t is int:
        return v if -EXACT_INT < v < EXACT_INT else {"i": hex(v)}
    if depth > MAX_DEPTH:
        raise WireError("a value is nested too deeply")
    if t is list:
        return _each(v, refer, depth)
    writer = _WRITERS.get(t)
    if writer is not None:
        return writer(v, refer, depth)
    if t is Record:
        return refer(v)
    if isinstance(v, type):
        return {"ty": t_name(v)} if SAFE_TYPES.get(t_name(v)) is v else refer(v)
    if t is types.BuiltinFunctionType and SAFE_FUNCTIONS.get(v.__name__) is v:
        return {"bf": v.__name__}
    return _encode_subclass(v, refer, depth)


def t_name(t):
    return type.__dict__["__name__"].__get__(t)


def _count(items):
    _left[0] -= len(items)
    if _left[0] < 0:
        raise WireError("a value has more than %d parts" % MAX_VALUES)


def _each(items, refer, depth):
    _count(items)
    if type(items) is list:
        for x in items:  # most lists hold scalars only: they travel as they are
            t = type(x)
            if t not in _FLAT and not (t is int and -EXACT_INT < x < EXACT_INT):
                break
        else:
            return items[:]
    depth += 1
    return [encode(x, refer, depth) for x in items]


def _pairs(items, refer, depth):
    _count(items)
    depth += 1
    return [[encode(k, refer, depth), encode(x, refer, depth)] for k, x in items]


_WRITERS = {
    tuple: lambda v, r, d: {"t": _each(list(v), r, d)},
    dict: lambda v, r, d: {"d": _pairs(v.items(), r, d)},
    collections.defaultdict: lambda v, r, d: {"d": _pairs(v.items(), r, d)},
    collections.OrderedDict: lambda v, r, d: {"od": _pairs(v.items(), r, d)},
    collections.Counter: lambda v, r, d: {"ct": _pairs(v.items(), r, d)},
    set: lambda v, r, d: {"s": _each(list(v), r, d)},
    frozenset: lambda v, r, d: {"fs": _each(list(v), r, d)},
    collections.deque: lambda v, r, d: {"dq": [_each(list(v), r, d), v.maxlen]},
    _KEYS: lambda v, r, d: {"dk": _each(list(v), r, d)},
    _ITEMS: lambda v, r, d: {"di": _pairs(v, r, d)},
    bytes: lambda v, r, d: {"b": v.hex()},
    bytearray: lambda v, r, d: {"ba": v.hex()},
    complex: lambda v, r, d: {"cx": [v.real, v.imag]},
    range: lambda v, r, d: {"rg": [hex(v.start), hex(v.stop), hex(v.step)]},
    slice: lambda v, r, d: {"sl": _each([v.start, v.stop, v.step], r, d)},
    decimal.Decimal: lambda v, r, d: {"de": str(v)},
    fractions.Fraction: lambda v, r, d: {"fr": [hex(v.numerator), hex(v.denominator)]},
    datetime.date: lambda v, r, d: {"dt": ["date", v.isoformat()]},
    datetime.time: lambda v, r, d: {"dt": ["time", v.isoformat()]},
    datetime.datetime: lambda v, r, d: {"dt": ["datetime", v.isoformat()]},
    datetime.timedelta: lambda v, r, d: {"td": [v.days, v.seconds, v.microseconds]},
    type(...): lambda v, r, d: {"el": 0},
    type(NotImplemented): lambda v, r, d: {"el": 1},
}


def _encode_subclass(v, refer, depth):
    if isinstance(v, tuple):
        names = getattr(type(v), "_fields", None)
        values = _each(list(tuple.__iter__(v)), refer, depth)
        if type(names) is tuple and len(names) == len(values) and all(type(n) is str for n in names):
            return {"nt": [list(names), values, refer(v)]}
        return {"t": values}
    if isinstance(v, list):
        return _each(list(list.__iter__(v)), refer, depth)
    if isinstance(v, collections.Counter):
        return {"ct": _pairs(list(dict.items(v)), refer, depth)}
    if isinstance(v, collections.OrderedDict):
        return {"od": _pairs(list(collections.OrderedDict.items(v)), refer, depth)}
    if isinstance(v, dict):
        return {"d": _pairs(list(dict.items(v)), refer, depth)}
    if isinstance(v, str):
        return str.__str__(v)
    if isinstance(v, int):
        return encode(int.__add__(v, 0), refer, depth)
    if isinstance(v, float):
        return float.__float__(v)
    if isinstance(v, set):
        return {"s": _each(list(set.__iter__(v)), refer, depth)}
    if isinstance(v, frozenset):
        return {"fs": _each(list(frozenset.__iter__(v)), refer, depth)}
    if isinstance(v, bytes):
        return {"b": bytes.hex(v)}
    if isinstance(v, decimal.Decimal):
        return {"de": decimal.Decimal.__str__(v)}
    return refer(v)


# ---- reading ----------------------------------------------------------------------------------

class Record(tuple):
    """A named tuple that travelled: compares as a tuple, answers to its field names, and travels back
    as the object it was."""

    def __getattr__(self, name):
        try:
            return self[self._names.index(name)]
        except ValueError:
            raise AttributeError(name) from None

    def _asdict(self):
        return dict(zip(self._names, self))


def decode(w, resolve, depth=0):
    """`resolve(reference)` gives the object a reference stands for, or raises WireError."""
    t = type(w)
    if t in _PLAIN:
        return w
    if depth > MAX_DEPTH + 5:
        raise WireError("a value is nested too deeply")
    if t is list:
        return _decode_each(w, resolve, depth)
    if t is not dict:
        raise WireError("no value")
    if len(w) == 1:
        (tag, x), = w.items()
        reader = _READERS.get(tag)
        if reader is not None:
            try:
                return reader(x, resolve, depth + 1)
            except WireError:
                raise
            except (TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError) as e:
                raise WireError("bad %s: %s" % (tag, type(e).__name__))
    return resolve(w)


def _decode_each(w, resolve, depth):
    if type(w) is not list:
        raise WireError("no list")
    for x in w:
        if type(x) not in _PLAIN:
            break
    else:
        return w[:]  # what was written stays, to tell whether a call changed it
    depth += 1
    return [decode(x, resolve, depth) for x in w]


def _decode_pairs(w, resolve, depth):
    return [(decode(k, resolve, depth), decode(x, resolve, depth)) for k, x in w]


def _record(x, resolve, depth):
    names, values, reference = x
    if type(names) is not list or any(type(n) is not str or not n.isidentifier() for n in names):
        raise WireError("bad field names")
    out = Record(_decode_each(values, resolve, depth))
    if len(out) != len(names):
        raise WireError("bad field names")
    out._names, out._remote = names, resolve(reference)
    return out


def _range(x, resolve, depth):
    r = range(*(int(i, 16) for i in x))
    if len(x) != 3 or not -MAX_RANGE < (r.stop - r.start) // r.step < MAX_RANGE:
        raise WireError("a range is too long")
    return r


def _decimal(x, resolve, depth):
    if type(x) is not str or len(x) > MAX_DECIMAL_EXPONENT:
        raise WireError("a decimal is too long")
    v = decimal.Decimal(x)
    if v.is_finite() and not -MAX_DECIMAL_EXPONENT < v.adjusted() < MAX_DECIMAL_EXPONENT:
        raise WireError("a decimal's exponent is too large")
    return v


def _fraction(x, resolve, depth):
    if len(x) != 2 or any(type(i) is not str or len(i) > MAX_FRACTION_DIGITS for i in x):
        raise WireError("a fraction is too long")
    return fractions.Fraction(int(x[0], 16), int(x[1], 16))


def _deque(x, resolve, depth):
    values, size = x
    if size is not None and type(size) is not int:
        raise WireError("bad deque")
    return collections.deque(_decode_each(values, resolve, depth), size)


_READERS = {
    "i": lambda x, r, d: int(x, 16),
    "t": lambda x, r, d: tuple(_decode_each(x, r, d)),
    "d": lambda x, r, d: dict(_decode_pairs(x, r, d)),
    "s": lambda x, r, d: {y for y in _decode_each(x, r, d)},
    "fs": lambda x, r, d: frozenset([y for y in _decode_each(x, r, d)]),
    "nt": _record,
    "od": lambda x, r, d: collections.OrderedDict(_decode_pairs(x, r, d)),
    "ct": lambda x, r, d: collections.Counter(dict(_decode_pairs(x, r, d))),
    "dq": _deque,
    "dk": lambda x, r, d: dict.fromkeys(_decode_each(x, r, d)).keys(),
    "di": lambda x, r, d: dict(_decode_pairs(x, r, d)).items(),
    "b": lambda x, r, d: bytes.fromhex(x),
    "ba": lambda x, r, d: bytearray.fromhex(x),
    "cx": lambda x, r, d: complex(*map(float, x)),
    "rg": _range,
    "sl": lambda x, r, d: slice(*_decode_each(x, r, d)),
    "de": _decimal,
    "fr": _fraction,
    "dt": lambda x, r, d: DATES[x[0]].fromisoformat(x[1]),
    "td": lambda x, r, d: datetime.timedelta(*x),
    "ty": lambda x, r, d: SAFE_TYPES[x],
    "bf": lambda x, r, d: SAFE_FUNCTIONS[x],
    "el": lambda x, r, d: (..., NotImplemented)[x],
}
MUTABLE = (list, dict, set, bytearray, collections.deque, collections.OrderedDict,
           collections.Counter, collections.defaultdict)


def update(old, new):
    """Makes `old` hold what `new` holds, keeping the identity of `old` and of nested containers."""
    if type(old) is not type(new):
        if type(old) is not collections.defaultdict or type(new) is not dict:
            raise WireError("an argument changed its type")
    if type(old) is list:
        if len(old) == len(new):
            for i, x in enumerate(new):
                old[i] = _merged(old[i], x)
        else:
            old[:] = new
    elif isinstance(old, dict):
        kept = dict(old)
        old.clear()
        for k, x in new.items():
            old[k] = _merged(kept[k], x) if k in kept else x
    elif type(old) is set:
        old.clear()
        old.update(new)
    elif type(old) is bytearray:
        old[:] = new
    elif type(old) is collections.deque:
        old.clear()
        old.extend(new)
    else:
        raise WireError("an immutable argument changed")


def _merged(old, new):
    if type(old) is type(new) and type(old) in MUTABLE:
        update(old, new)
        return old
    return new
