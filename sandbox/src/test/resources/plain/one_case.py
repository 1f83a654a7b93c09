"""One case in an interpreter of its own, the way everybody understands it: program, setup, test, one after the other.
Standard input: a JSON object. Exit status 42: the case passed."""
import json
import os
import sys
import math  # the one name that a test of the corpus uses unimported, as tests may in the sandbox

job = json.loads(sys.stdin.buffer.read())
os.close(0)
os.open("/dev/null", os.O_RDONLY)
names = sys.modules["__main__"].__dict__
try:
    exec(compile(job["program"], "<program>", "exec", dont_inherit=True), names)
except SystemExit as e:  # a main guard that ends the program ends its demonstration only
    if e.code not in (None, 0):
        raise
before = set(names)
for text in (job["setup"], job["test"]):
    if text:
        exec(compile(text, "<test>", "exec", dont_inherit=True), names)
if job["entry"] and "check" in set(names) - before:
    names["check"](names[job["entry"]])
if job["completed"]:
    for name in sorted(set(names) - before):
        if name.startswith("test"):
            names[name]()
sys.stdout.flush()
os._exit(42)
