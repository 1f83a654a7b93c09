"""Could one case of a program influence the next? Read off its text before its first line runs.

The answer is no only where the text rules it out: then the cases share a process, else each gets its own.
A program is ruled out to carry state when nothing that outlives a call is ever made or written: its module
holds functions, classes and constants only, and no expression reaches the objects behind those.
"""
import ast
import opcode
import types

# Library modules with nothing in them to change, or nothing that a later call would notice.
UNCHANGING = frozenset(
    "__future__ abc array base64 binascii bisect calendar cmath collections collections.abc copy dataclasses "
    "datetime decimal enum fractions functools hashlib heapq io itertools json keyword math numbers operator "
    "queue random re statistics string struct sys textwrap time typing unicodedata uuid zlib".split())
# Built-in functions and attributes by which such an object is reached or changed all the same.
BUILTINS = frozenset("setattr delattr getattr globals locals vars exec eval".split())
ATTRIBUTES = frozenset(
    "modules setrecursionlimit getrecursionlimit getcontext setcontext seed setstate settrace setprofile _getframe "
    "gi_frame cr_frame ag_frame tb_frame f_globals f_locals f_builtins".split())
HARMLESS_DUNDERS = frozenset(
    "__name__ __main__ __doc__ __init__ __new__ __post_init__ __class_getitem__ __len__ __iter__ __next__ __str__ "
    "__repr__ __format__ __getitem__ __contains__ __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __hash__ __bool__ "
    "__add__ __sub__ __mul__ __truediv__ __floordiv__ __mod__ __pow__ __neg__ __abs__ __int__ __float__ __index__ "
    "__and__ __or__ __xor__ __invert__ __lshift__ __rshift__ __radd__ __rsub__ __rmul__ __enter__ __exit__ "
    "__call__ __reversed__ __missing__ __slots__".split())
HARMLESS_DECORATORS = frozenset(
    "staticmethod classmethod property dataclass abstractmethod total_ordering wraps setter".split())
# What may be evaluated while the module is loaded: no call, no display of a list, set or dictionary, no name bound.
CONSTANT = (ast.Constant, ast.UnaryOp, ast.BinOp, ast.Tuple, ast.Name, ast.Attribute, ast.Load, ast.operator,
            ast.unaryop, ast.Subscript, ast.Slice)
ANNOTATION = CONSTANT + (ast.List,)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
BINDING = (ast.ClassDef, ast.ExceptHandler) + tuple(
    getattr(ast, n) for n in ("MatchAs", "MatchStar") if hasattr(ast, n))  # since Python 3.10


def _changes(name, known):
    return name in known or name.startswith("__") and name not in HARMLESS_DUNDERS


# ---- by instructions: a shortcut, as the tree of a program costs a child several times its compilation ----

def _opcodes(names):
    return frozenset(opcode.opmap[n] for n in names.split() if n in opcode.opmap)


DEFINING = _opcodes("CACHE RESUME NOP LOAD_CONST MAKE_FUNCTION STORE_NAME RETURN_VALUE RETURN_CONST POP_TOP "
                    "IMPORT_NAME IMPORT_FROM")
REACHING_OUT = _opcodes("STORE_GLOBAL DELETE_GLOBAL STORE_ATTR DELETE_ATTR SET_FUNCTION_ATTRIBUTE "
                        "LOAD_BUILD_CLASS EXTENDED_ARG")
MAKE_FUNCTION, IMPORT_NAME = opcode.opmap["MAKE_FUNCTION"], opcode.opmap["IMPORT_NAME"]
EVALUATED = 7  # flags of MAKE_FUNCTION: default values of arguments, annotations
KNOWN = BUILTINS | ATTRIBUTES


def defines_plain_functions(code):
    """Does the module import unchanging modules and define functions without default values, none of which
    stores outside of itself? Most programs are like that, and carry no state."""
    return DEFINING.issuperset(code.co_code[::2]) and _keeps_to_itself(code)


def _keeps_to_itself(code):
    operations, names = code.co_code[::2], code.co_names
    if not REACHING_OUT.isdisjoint(operations) or any(_changes(n, KNOWN) for n in names):
        return False
    for operation, argument in zip(operations, code.co_code[1::2]):
        if operation == MAKE_FUNCTION and argument & EVALUATED:
            return False
        if operation == IMPORT_NAME and names[argument] not in UNCHANGING:
            return False
    return all(_keeps_to_itself(c) for c in code.co_consts if isinstance(c, types.CodeType))


# ---- by the tree ----

def is_stateful(tree):
    """True unless the syntax rules it out."""
    statements = [n for n in tree.body if not _raises_recursion_limit(n)]
    if not all(_only_defines(n) or _is_demonstration(n, statements) for n in statements):
        return True
    return any(_reaches_out(n) for statement in statements for n in ast.walk(statement))


def _constant(kinds, *expressions):
    return all(isinstance(x, kinds) for e in expressions if e is not None for x in ast.walk(e))


def _only_defines(n):
    """a statement of a module or a class body that leaves only functions, classes and constants"""
    if isinstance(n, (ast.Import, ast.ImportFrom, ast.Pass) + FUNCTIONS):
        return True  # what they evaluate is looked at wherever they stand
    if isinstance(n, ast.ClassDef):
        return _constant(CONSTANT, *n.bases, *(k.value for k in n.keywords)) and all(map(_only_defines, n.body))
    if isinstance(n, ast.Assign):
        return _constant(CONSTANT, n.value) or isinstance(n.value, ast.Lambda)
    if isinstance(n, ast.AnnAssign):
        return _constant(CONSTANT, n.value) and _constant(ANNOTATION, n.annotation)
    return isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)


def _is_demonstration(n, statements):
    """output at the end of a program, alone or under a main guard: it calls what keeps to itself and binds no name
    that a function could know"""
    if not _is_main_guard(n) and _called(n) != "print":
        return False
    bound = set()
    for x in ast.walk(n):
        if isinstance(x, ast.Name) and not isinstance(x.ctx, ast.Load):
            bound.add(x.id)
        elif isinstance(x, (ast.Import, ast.ImportFrom)):
            bound.update((a.asname or a.name).split(".")[0] for a in x.names)
        elif isinstance(x, FUNCTIONS + BINDING):
            bound.add(x.name)
    return not bound or not any(isinstance(x, ast.Name) and x.id in bound
                                for other in statements if other is not n for x in ast.walk(other))


def _is_main_guard(n):
    if not isinstance(n, ast.If) or n.orelse:
        return False
    test = n.test
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"


def _raises_recursion_limit(n):
    """sys.setrecursionlimit(constant) as a statement of the module: every loading does it anew"""
    return _called(n) in ("setrecursionlimit", "sys.setrecursionlimit") and _constant(CONSTANT, *n.value.args)


def _called(n):
    """the plain name of what a statement calls, or None"""
    function = n.value.func if isinstance(n, ast.Expr) and isinstance(n.value, ast.Call) else None
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return "%s.%s" % (function.value.id, function.attr)
    return function.id if isinstance(function, ast.Name) else None


def _reaches_out(n):
    if isinstance(n, ast.Global):
        return True
    if isinstance(n, ast.Import):
        return not all(a.name in UNCHANGING for a in n.names)
    if isinstance(n, ast.ImportFrom):
        return n.level or n.module not in UNCHANGING or any(_changes(a.name, KNOWN) for a in n.names)
    if isinstance(n, FUNCTIONS + (ast.ClassDef,)) and not (
            n.name not in HARMLESS_DECORATORS and all(map(_harmless_decorator, n.decorator_list))):
        return True
    if isinstance(n, FUNCTIONS) and not _constant(ANNOTATION, n.returns):
        return True
    if isinstance(n, ast.arg):
        return not _constant(ANNOTATION, n.annotation)
    if isinstance(n, ast.arguments):
        return not _constant(CONSTANT, *n.defaults, *n.kw_defaults)
    if isinstance(n, ast.Attribute):
        return _changes(n.attr, ATTRIBUTES) or not isinstance(n.ctx, ast.Load) and not _of_self(n)
    if isinstance(n, ast.Name):
        return _changes(n.id, BUILTINS) or not isinstance(n.ctx, ast.Load) and (
            n.id == "self" or n.id in HARMLESS_DECORATORS)
    return False


def _harmless_decorator(n):
    if isinstance(n, ast.Call):
        if not _constant(CONSTANT, *n.args, *(k.value for k in n.keywords)):
            return False
        n = n.func
    name = n.attr if isinstance(n, ast.Attribute) else getattr(n, "id", "")
    return name in HARMLESS_DECORATORS


def _of_self(n):
    """is it an attribute of `self`, however deep?"""
    base = n.value
    while isinstance(base, (ast.Attribute, ast.Subscript)):
        base = base.value
    return isinstance(base, ast.Name) and base.id == "self"
