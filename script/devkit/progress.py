"""What the user sees while something takes its time."""

import os
import sys
import time
from contextlib import contextmanager

LINE_SECONDS = 10  # between two lines when the output is not a terminal


def say(text=""):
    """Print one line at once, also when the output is a file."""
    print(text, flush=True)


def megabytes(folder):
    """Size of all files below a folder; files may vanish meanwhile."""
    total = 0
    for place, _folders, files in os.walk(folder):
        for name in files:
            try:
                total += os.lstat(os.path.join(place, name)).st_size
            except OSError:
                continue
    return total / 1e6


class Step:
    """One step that is going on: its title, its state and its clock."""

    def __init__(self, title):
        self.title = title
        self.began = time.monotonic()
        self.state = ""
        self._shown = self.began
        self._live = sys.stdout.isatty()

    def seconds(self):
        """Whole seconds since the step began."""
        return round(time.monotonic() - self.began)

    def show(self, state):
        """Tell how far the step is, on one line that is written again."""
        self.state = state
        now = time.monotonic()
        if self._live:
            print(f"\r\033[K  {self.title}: {state} ({self.seconds()} s)", end="")
            sys.stdout.flush()
        elif now - self._shown >= LINE_SECONDS:
            self._shown = now
            say(f"  {self.title}: {state} ({self.seconds()} s)")

    def finish(self, result):
        """Close the step with one line that stays."""
        start = "\r\033[K" if self._live else ""
        say(f"{start}  {self.title}: {result} ({self.seconds()} s)")


@contextmanager
def step(title):
    """Show a step; the caller reports its state with `show`."""
    running = Step(title)
    if running._live:
        running.show("working")
    else:
        say(f"  {title} ...")
    try:
        yield running
    except BaseException:
        running.finish("not finished")
        raise
    running.finish("done")


def watch_folder(running, folder, expected=None):
    """A function that reports how much a folder holds by now."""

    def watch():
        size = megabytes(folder)
        of = f" of {expected:.0f}" if expected else ""
        running.show(f"{size:.0f}{of} MB")

    return watch
