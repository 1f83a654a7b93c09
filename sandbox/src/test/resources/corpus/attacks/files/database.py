#: outcome FAILED
#: test assert f(3) == "escaped"
import sqlite3
def f(x):
    sqlite3.connect("/tmp/couplet.db").execute("create table t (a)")
    return "escaped"
