"""Functions compiled to machine code.

numba notices a changed source file only for the file a compiled function stands in, not for the
files of the functions it calls. A cached function calling into another module could therefore go
on running that module's old code: compiled functions call only functions of their own module.
"""

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """The function as machine code: cached on disk (NUMBA_CACHE_DIR), run without the GIL.

    Not `parallel=True`: numba's own thread pools neither survive a fork (GNU OpenMP) nor two
    callers at once (workqueue). Whoever wants both cores runs two threads, as `Locator` does.
    """
    return cast("Function", numba.njit(cache=True, nogil=True)(function))
