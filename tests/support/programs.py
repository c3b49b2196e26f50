"""Programs that run beside the tests: wait for the line they promise, and end them with all their children."""

import os
import queue
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Program:
    """A running program whose lines, output and errors alike, can be waited for."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._coming: queue.Queue[str | None] = queue.Queue()
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._coming.put(line.rstrip("\n"))
        self._coming.put(None)

    def wait_for(self, beginning: str, *, within: float) -> str:
        """The first line that begins so; fails with everything said so far when it does not come in time."""
        deadline = time.monotonic() + within
        while (left := deadline - time.monotonic()) > 0:
            try:
                line = self._coming.get(timeout=left)
            except queue.Empty:
                break
            if line is None:
                raise AssertionError(f"it ended without a line {beginning!r}:\n" + "\n".join(self.lines))
            self.lines.append(line)
            if line.startswith(beginning):
                return line
        raise AssertionError(f"no line {beginning!r} within {within:.0f} s:\n" + "\n".join(self.lines))

    def so_far(self) -> list[str]:
        """Every line that has come."""
        while True:
            try:
                line = self._coming.get_nowait()
            except queue.Empty:
                return self.lines
            if line is not None:
                self.lines.append(line)

    def stop(self, *, within: float = 15) -> int:
        """Ask it to end, wait, and return its exit status; whatever is left of its family is killed."""
        try:
            self._process.terminate()
            return self._process.wait(within)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(within)
            self._reader.join(within)
            assert self._process.stdout is not None
            self._process.stdout.close()


@contextmanager
def running(words: Sequence[str | Path], *, folder: Path, environment: Mapping[str, str]) -> Iterator[Program]:
    """Run a program in `folder` until the end of the block, in a process group of its own."""
    process = subprocess.Popen(
        [str(word) for word in words],
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    program = Program(process)
    try:
        yield program
    finally:
        program.stop()
