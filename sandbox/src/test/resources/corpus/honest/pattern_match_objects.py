#: outcome PASSED
#: test assert f("ab12").group(0) == "12"
#: test assert f("ab") is None
#: test assert f("a1") and not f("a")
import re
def f(text):
    return re.search(r"\d+", text)
