#: outcome PASSED
#: test assert f("x y x") == {"x": 2, "y": 1}
import re, math, json, datetime, decimal, statistics, dataclasses, itertools, heapq, bisect, string
from collections import Counter, defaultdict, deque
from typing import List, Dict, Optional
import asyncio, csv, hashlib, html, inspect, logging, textwrap, unicodedata, urllib.parse, uuid, xml.etree.ElementTree
def f(text):
    return dict(Counter(text.split()))
