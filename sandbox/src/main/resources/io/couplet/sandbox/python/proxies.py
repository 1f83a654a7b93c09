"""Stand-ins in the judge for objects that live in the program.

A comparison is never left to the program when the other side is a plain value: an object that claims
to equal everything equals nothing. Objects made by a class that the test itself instantiates may use
their own arithmetic and membership, as the class is what is being tested; objects that a function
returned where a value was expected may not. Which names may be classes is decided from the tests: a program
that puts a class where a function was asked for gains nothing. Where the tests examine values only, what an
object says is asked once and then kept until the test calls something that may change it.
"""

PREDICATES = {n for t in (str, bytes, list, tuple, dict, set, int, float) for n in dir(t)
              if n.startswith("is") or n in ("startswith", "endswith")}
MAX_ITEMS = 1_000_000
IMMUTABLE = (int, float, complex, str, bytes, tuple, frozenset)
READING = {n for t in IMMUTABLE for n in dir(t)}  # methods that change nothing
OPEN_NAMES = ("__name__", "__qualname__", "__module__")
_read = object.__getattribute__


def create(channel, w):
    kind = RemoteClass if w.get("y") is True else RemoteFunction if w.get("c") is True else Remote
    return kind(channel, {"h": w["r"]}, w.get("b") is True)


def _bool(value):
    if type(value) is not bool:
        raise TypeError("the program's comparison gave no truth value")
    return value


class Replay:
    """The items of an object, read as far as they are needed, the same for every reading."""

    def __init__(self, source):
        self.items, self.source = [], source

    def __iter__(self):
        at = 0
        while True:
            if at == len(self.items):
                try:
                    self.items.append(next(self.source))
                except StopIteration:
                    return
            yield self.items[at]
            at += 1


class Remote:
    __slots__ = ("_channel", "_ref", "_base", "_made", "_kept", "_ended", "_waiting")

    def __init__(self, channel, ref, base=False):
        for name, value in zip(Remote.__slots__, (channel, ref, base, False, None, False, [])):
            object.__setattr__(self, name, value)

    def _keeps(self):
        """is it to stand by what it says?"""
        return not self._made and not self._channel.classes

    def _read(self, key, ask):
        """what the object says of itself"""
        if not self._keeps():
            return ask()
        kept, changes = self._kept, self._channel.changes
        if kept is None or kept[0] != changes:
            kept = (changes, {})
            object.__setattr__(self, "_kept", kept)
        if key not in kept[1]:
            kept[1][key] = ask()
        return kept[1][key]

    # ---- attributes ----

    def __getattr__(self, name):
        if name.startswith("__") and name not in OPEN_NAMES:
            raise AttributeError(name)
        if name in PREDICATES and not self._made:
            raise AttributeError("%s of an object that only resembles a value" % name)
        channel = self._channel
        value = self._inherit(self._read(
            ("attr", name), lambda: channel.get({"op": "attr", "o": self._ref, "at": name})))
        if name in READING and isinstance(value, RemoteFunction) and self._keeps():
            return lambda *args, **kwargs: self._read(
                ("call", name, repr((args, kwargs))), lambda: channel.call(value._ref, args, kwargs)[0])
        return value

    def __setattr__(self, name, value):
        self._channel.changes += 1
        self._channel.ask({"op": "setattr", "o": self._ref, "at": name,
                           "v": self._channel.encode(value)})

    def _inherit(self, value):
        if isinstance(value, Remote) and self._made:
            object.__setattr__(value, "_made", True)
        return value

    def _apply(self, operator, *operands):
        channel = self._channel
        return self._inherit(channel.get(
            {"op": "apply", "u": operator, "a": [channel.encode(x) for x in operands]}))

    def _plain(self):
        """the value under an instance of a subclass of a plain type; one that cannot change is asked for once"""
        if type(self._base) is tuple:
            return self._base[0]
        value = self._read(("base",), lambda: self._channel.get({"op": "base", "o": self._ref}))
        if type(value) in IMMUTABLE:
            object.__setattr__(self, "_base", (value,))
        return value

    def _typed(self, kind, operator):
        value = self._read((operator,), lambda: self._apply(operator, self))
        if type(value) is not kind:
            raise TypeError("%s() gave no %s" % (operator, kind.__name__))
        return value

    # ---- comparison ----

    def __eq__(self, other):
        if self is other:
            return True
        if isinstance(other, Remote):
            return _bool(self._apply("eq", self, other))
        return bool(self._base) and self._plain() == other

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return self._typed(int, "hash")

    def __bool__(self):
        return self._typed(bool, "truth")

    def __contains__(self, item):
        if self._made:
            return _bool(self._apply("contains", self, item))
        return any(x is item or x == item for x in self)

    # ---- containers and text ----

    def __len__(self):
        size = self._typed(int, "len")
        if self._keeps() and size != sum(1 for _ in self):
            raise TypeError("an object whose length is not the number of its values")
        return size

    def __str__(self):
        return self._typed(str, "str")

    def __repr__(self):
        return self._typed(str, "repr")

    def __getitem__(self, key):
        return self._read(("getitem", repr(key)), lambda: self._apply("getitem", self, key))

    def __setitem__(self, key, value):
        self._channel.changes += 1
        self._apply("setitem", self, key, value)

    def __delitem__(self, key):
        self._channel.changes += 1
        self._apply("delitem", self, key)

    def __reversed__(self):
        return self._apply("reversed", self)

    def __iter__(self):
        return iter(self._read(("items",), self._items))

    def _items(self):
        """an iterator's values pass once, a container's can be read again"""
        iterator = self._channel.get({"op": "iter", "o": self._ref})
        if not isinstance(iterator, Remote):
            raise TypeError("iter() gave no iterator")
        self._inherit(iterator)
        return iterator._values() if iterator is self or not self._keeps() else Replay(iterator._values())

    def _values(self):
        step = 1
        for _ in range(MAX_ITEMS):
            if not self._waiting:
                self._waiting.extend(self._take(step))
                step = min(2 * step, 256)
            if not self._waiting:
                return
            yield self._waiting.pop(0)
        raise ValueError("the iterator goes on after %d values" % MAX_ITEMS)

    def __next__(self):
        waiting = self._waiting or self._take(1)
        if not waiting:
            raise StopIteration
        return waiting.pop(0)

    def _take(self, count):
        if self._ended:
            return []
        reply = self._channel.ask({"op": "next", "o": self._ref, "n": count})
        values = self._channel.value(reply)
        if type(values) is not list or len(values) > count:
            raise TypeError("next() gave no values")
        if self._keeps() and (reply.get("end") is True or not values):
            object.__setattr__(self, "_ended", True)
        return [self._inherit(v) for v in values]

    def __enter__(self):
        return self._inherit(self._channel.call(self._ref, (), {}, at="__enter__")[0])

    def __exit__(self, kind, value, trace):
        answer = self._channel.call(self._ref, (None, None, None), {}, at="__exit__")[0]
        # A failed assertion of the test is not the program's to swallow.
        return kind is not None and not issubclass(kind, AssertionError) and bool(answer)


def _ordering(name):
    def compare(self, other):
        if isinstance(other, Remote):
            return _bool(self._apply(name, self, other))
        if self._base:
            return getattr(self._plain(), "__%s__" % name)(other)
        return NotImplemented
    return compare


def _arithmetic(name, in_place=False):
    def combine(self, other):
        if not self._made and not isinstance(other, Remote):
            return NotImplemented
        self._channel.changes += in_place
        return self._apply(name, self, other)
    return combine


def _reflected(name):
    def combine(self, other):
        return self._apply(name, other, self) if self._made else NotImplemented
    return combine


def _unary(name):
    def apply(self, *digits):
        if not self._made:
            raise TypeError("bad operand: an object where a number was expected")
        return self._apply(name, self, *digits)
    return apply


for _name in ("lt", "le", "gt", "ge"):
    setattr(Remote, "__%s__" % _name, _ordering(_name))
for _name in "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift".split():
    _operator = _name + "_" if _name in ("and", "or") else _name
    setattr(Remote, "__%s__" % _name, _arithmetic(_operator))
    setattr(Remote, "__r%s__" % _name, _reflected(_operator))
for _name in ("iadd", "isub", "imul"):
    setattr(Remote, "__%s__" % _name, _arithmetic(_name, True))
for _name in "neg pos abs invert int float round index".split():
    setattr(Remote, "__%s__" % _name, _unary(_name))


class RemoteFunction(Remote):
    __slots__ = ()

    def __call__(self, *args, **kwargs):
        channel = self._channel
        channel.changes += 1
        result, made = channel.call(self._ref, args, kwargs)
        made = made and channel.may_be_class(self._ref.get("n"))
        if isinstance(result, Remote) and (made or self._made):
            object.__setattr__(result, "_made", True)
        return result


class RemoteClass(RemoteFunction):
    __slots__ = ()

    def __instancecheck__(self, instance):
        if type(instance).__name__ == "Record":
            instance = instance._remote
        if isinstance(instance, BaseException):
            return any(c.__name__ == self.__name__ for c in type(instance).__mro__)
        return isinstance(instance, Remote) and _bool(self._apply("isinstance", instance, self))

    def __subclasscheck__(self, subclass):
        return isinstance(subclass, Remote) and _bool(self._apply("issubclass", subclass, self))


def name(channel, text):
    """a name under test: looked up in the program only when it is used"""
    return RemoteClass(channel, {"n": text})
