"""A call with a time limit, in the caller's own process, that leaves nothing behind.

Chapter: book/appendix/running_it.md.
"""

import ctypes
import signal
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

EVERY = 0.2  # seconds between two tries to stop a call that catches the first


class TimeUp(BaseException):
    """The limit has passed. Not an `Exception`, so that the called code does not catch it."""


def call_within(seconds: float, call: Callable[..., Any], *args: Any) -> Any:
    """Return `call(*args)`, stopped where it takes longer than `seconds`.

    The main thread is stopped by a timer signal where the system has one (not on Windows); any
    other call runs in a thread of its own. One step inside a compiled routine is never cut short.

    Raises:
        TimeUp: if the limit has passed.
    """
    on_main = threading.current_thread() is threading.main_thread()
    if hasattr(signal, "setitimer") and on_main:
        return _by_alarm(seconds, call, *args)
    return _by_thread(seconds, call, *args)


def _by_alarm(seconds: float, call: Callable[..., Any], *args: Any) -> Any:
    """Stop the call by a timer signal; give an older timer and its handler their place back."""
    armed = True

    def ring(number: int, frame: Any) -> None:
        if armed:
            raise TimeUp

    start = monotonic()
    handler = signal.signal(signal.SIGALRM, ring)
    rest, every = signal.setitimer(signal.ITIMER_REAL, seconds, EVERY)
    try:
        return call(*args)
    finally:
        armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler or signal.SIG_DFL)
        if rest:
            left = max(rest - (monotonic() - start), 1e-3)
            signal.setitimer(signal.ITIMER_REAL, left, every)


def _by_thread(seconds: float, call: Callable[..., Any], *args: Any) -> Any:
    """Run the call in a thread, and raise `TimeUp` inside it when the limit has passed."""
    answer: dict[str, Any] = {}

    def run() -> None:
        try:
            answer["value"] = call(*args)
        except BaseException as error:
            answer["error"] = error

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        stop = ctypes.pythonapi.PyThreadState_SetAsyncExc
        stop(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(TimeUp))
        thread.join(EVERY)
        raise TimeUp
    if "error" in answer:
        raise answer["error"]
    return answer["value"]
