#: outcome PASSED
#: test assert f("abc").startswith("900150983cd24fb0") and f("abc").isalnum() and len(f("abc")) == 32
import hashlib
def f(text):
    return hashlib.md5(text.encode()).hexdigest()
