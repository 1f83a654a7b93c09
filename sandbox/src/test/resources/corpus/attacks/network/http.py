#: outcome FAILED
#: test assert f(3) == "escaped"
import urllib.request
def f(x):
    return "escaped" if urllib.request.urlopen("http://127.0.0.1:8081/", timeout=1) else None
