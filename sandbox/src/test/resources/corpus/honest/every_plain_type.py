#: outcome PASSED
#: test from decimal import Decimal\nassert f()["decimal"] == Decimal("1.10")
#: test from fractions import Fraction\nassert f()["fraction"] == Fraction(1, 3)
#: test import datetime\nassert f()["date"] == datetime.date(2024, 2, 29) and f()["delta"].days == 3
#: test assert f()["bytes"] == b"\\x00\\xff" and f()["complex"] == 1 + 2j and f()["range"] == range(3)
#: test assert f()["big"] == 10 ** 60 and f()["none"] is None and f()["true"] is True
#: test assert f()["set"] == {1, (2, 3)} and f()["frozen"] == frozenset({1}) and f()["tuple"] == (1, [2], {"a": 3})
#: test from collections import Counter, OrderedDict, deque\nassert f()["counter"] == Counter("aab") and f()["ordered"] == OrderedDict(a=1) and f()["deque"] == deque([1, 2])
#: test assert f()["default"] == {"k": [1]} and f()["keys"] == {"a"} and f()["text"] == "\\u00e9\\U0001F600"
import collections, datetime, decimal, fractions
def f():
    d = collections.defaultdict(list)
    d["k"].append(1)
    return {"decimal": decimal.Decimal("1.10"), "fraction": fractions.Fraction(1, 3), "date": datetime.date(2024, 2, 29),
            "delta": datetime.timedelta(3), "bytes": b"\x00\xff", "complex": 1 + 2j, "range": range(3), "big": 10 ** 60,
            "none": None, "true": True, "set": {1, (2, 3)}, "frozen": frozenset({1}), "tuple": (1, [2], {"a": 3}),
            "counter": collections.Counter("aab"), "ordered": collections.OrderedDict(a=1), "deque": collections.deque([1, 2]),
            "default": d, "keys": {"a": 1}.keys(), "text": "\u00e9\U0001F600"}
