#: outcome PASSED
#: entry f
#: test METADATA = {"author": "x"}\n\ndef check(candidate):\n    assert candidate([1.0, 2.0], 0.5) == False\n    assert candidate([1.0, 1.2], 0.3) == True
from typing import List
def f(numbers: List[float], threshold: float) -> bool:
    return any(abs(a - b) < threshold for i, a in enumerate(numbers) for b in numbers[i + 1:])
