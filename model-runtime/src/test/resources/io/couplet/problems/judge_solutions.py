"""Reads one JSON object a line: {"id", "prompt", "solution", "tests"}. Writes one JSON object:
"failed": ids whose solution fails a test; "constant": ids that some trivial answer passes;
"mutants" and "survivors": changed solutions, and those among them that every test passes."""
import json
import re
import sys

SWAPS = [(" > ", " >= "), (" < ", " <= "), (" + ", " - "), (" - ", " + "), (" * ", " + "),
         ("max(", "min("), ("min(", "max("), (" and ", " or "), (" or ", " and "), (" == ", " != "),
         (".upper()", ".lower()"), (".lower()", ".upper()"), ("any(", "all("), ("all(", "any(")]


def passes(program, tests):
    space = {}
    try:
        exec(program, space)
        for test in tests:
            exec(test, space)
    except Exception:
        return False
    return True


def mutants(body):
    for old, new in SWAPS:
        for match in re.finditer(re.escape(old), body):
            yield body[:match.start()] + new + body[match.end():]
    for match in re.finditer(r"\d+", body):
        for change in (-1, 1):
            yield body[:match.start()] + str(int(match.group()) + change) + body[match.end():]


def main():
    failed, constant, survivors, count = [], [], [], 0
    for line in sys.stdin:
        problem = json.loads(line)
        prompt, solution, tests = problem["prompt"], problem["solution"], problem["tests"]
        if not passes(prompt + solution, tests):
            failed.append(problem["id"])
        names = re.search(r"\((.*)\)", prompt).group(1).split(", ")
        answers = [test.split(" == ", 1)[1] for test in tests]
        if any(passes(prompt + "    return " + answer, tests) for answer in names + answers):
            constant.append(problem["id"])
        for mutant in mutants(solution):
            count += 1
            if passes(prompt + mutant, tests):
                survivors.append([problem["id"], prompt + mutant])
    json.dump({"failed": failed, "constant": constant, "mutants": count, "survivors": survivors},
              sys.stdout)


main()
