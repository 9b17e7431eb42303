"""Executes one notebook through nbclient and reports what happens as JSON lines.

The runner (scripts/runner/worker.ts) starts one such process per notebook. It writes a request, one JSON line, to
our stdin and keeps the pipe open: when the pipe closes, the runner is gone, and so are we and our kernel. Events go
to stdout, one JSON object a line; whatever the kernel prints on its own file descriptors goes to stderr instead.

Request: notebook, output, cwd, kernelDir, kernelName, connectionFile, cellTimeout, notebookTimeout, startupTimeout,
drainTimeout (seconds), cellOutputLimit, notebookOutputLimit (bytes), memoryLimit, memoryKeep (bytes; may be absent);
gateway, where the kernel is to run on one (see gateway.ts), with notebook and output null when that is only to be tried.

Events: {"event": "kernel", "pid"}, {"event": "cell", "cell", "index", "cells"}, {"event": "cellDone", "cell",
"seconds"}, {"event": "error", "kind", ...}, {"event": "finished", "ok", "peakBytes"}. `cell` counts the code cells
that are executed from 1, as the numbers in brackets do after Run All; `index` is the position among all cells.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from typing import Any

import quick_imports  # noqa: F401, I001 - before nbformat

import nbformat
import psutil
from bounded_client import BoundedClient
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from memory import SAMPLE_SECONDS, MemoryWatch, leave_no_core_dump, prefer_for_out_of_memory
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from remote_kernel import GatewayError, Mismatch, greet, take_leave


class Events:
    """The event stream. Owns the real stdout; file descriptor 1 is pointed at stderr for everybody else."""

    def __init__(self) -> None:
        self._descriptor = os.dup(1)
        os.set_inheritable(self._descriptor, False)
        os.dup2(2, 1)

    def send(self, event: str, **fields: Any) -> None:
        line = json.dumps({"event": event, **fields}, ensure_ascii=True) + "\n"
        data = line.encode("ascii")
        try:
            while data:
                data = data[os.write(self._descriptor, data) :]
        except BrokenPipeError:
            pass  # The runner is gone; the end of stdin stops us.


class Run:
    """One execution of one notebook."""

    def __init__(self, request: dict[str, Any], events: Events) -> None:
        self.request = request
        self.events = events
        self.task: asyncio.Task[None] | None = None
        self.stopped: dict[str, Any] | None = None
        self.closing = False
        self.cell = 0
        self.index = 0
        # As subprocess says it: negative for a signal.
        self.exit_code: int | None = None
        self.memory: MemoryWatch | None = None  # of a kernel on this machine
        self.remote_peak_bytes = 0

    def stop(self, kind: str, **detail: Any) -> None:
        """Ends the execution from outside it: time-out, output limit, interruption."""
        if self.stopped is None and not self.closing:
            self.stopped = {"kind": kind, **detail}
            if self.task is not None:
                self.task.cancel()

    async def execute(self) -> bool:
        request = self.request
        notebook = (
            nbformat.v4.new_notebook()
            if request["notebook"] is None
            else nbformat.read(request["notebook"], as_version=4)
        )
        client = BoundedClient(
            notebook,
            limits=(request["cellOutputLimit"], request["notebookOutputLimit"]),
            overflow=lambda scope, limit: self.stop("output", scope=scope, limit=limit),
            timeout=request["cellTimeout"],
            startup_timeout=request["startupTimeout"],
            shell_timeout_interval=1,
            shutdown_kernel="immediate",
            record_timing=False,
            store_widget_state=False,
            resources={"metadata": {"path": request["cwd"]}},
        )
        loop = asyncio.get_running_loop()
        limit = loop.call_later(
            request["notebookTimeout"], lambda: self.stop("notebookTimeout", seconds=request["notebookTimeout"])
        )
        sampler = asyncio.ensure_future(self.sample())
        self.task = asyncio.ensure_future(self.attempt(client))
        try:
            await self.task
            error = None
        except BaseException as raised:  # CancelledError included: it is how stop() arrives.
            error = self.stopped or describe(raised, client, self)
        finally:
            self.closing = True
            limit.cancel()
            sampler.cancel()
            await self.end_kernel(client)
            client.join_streams()
            problem = None if request["output"] is None else write_copy(notebook, request["output"])
        error = error or problem
        if error is not None:
            self.events.send("error", **{"cell": self.cell or None, "index": self.index if self.cell else None, **error})
        return error is None

    async def attempt(self, client: BoundedClient) -> None:
        try:
            await self.cells(client)
        except RuntimeError as error:
            # A kernel that never came up: its ports may have been taken between choosing and binding them.
            # CellExecutionError and DeadKernelError do not come here before the first cell.
            if self.cell > 0 or self.stopped or not str(error).startswith("Kernel d"):
                raise
            self.events.send("restart", reason=str(error))
            await self.cells(client)

    async def cells(self, client: BoundedClient) -> None:
        request = self.request
        gateway = request.get("gateway")
        client.km, options = local_kernel(request) if gateway is None else await remote_kernel(request)
        client.owns_km = True
        async with client.async_setup_kernel(**options):
            self.guard_signals()
            if gateway is None:
                pid = client.km.provisioner.process.pid
                self.memory = MemoryWatch(psutil.Process(pid), request.get("memoryLimit"), request.get("memoryKeep"))
                self.events.send("kernel", pid=pid)
                prefer_for_out_of_memory(pid)
            else:
                loop = asyncio.get_running_loop()
                client.kc.on_fault = lambda text: loop.call_soon_threadsafe(lambda: self.stop("gateway", evalue=text))
                await greet(client, gateway)
            reply = await client.async_wait_for_reply(client.kc.kernel_info())
            client.nb.metadata["language_info"] = reply["content"]["language_info"]
            executable = [
                index
                for index, cell in enumerate(client.nb.cells)
                if cell.cell_type == "code"
                and cell.source.strip()
                and client.skip_cells_with_tag not in cell.metadata.get("tags", [])
            ]
            try:
                for number, index in enumerate(executable, 1):
                    await self.one_cell(client, number, index, len(executable))
                await self.drain(client)
                if gateway is not None:
                    self.remote_peak_bytes = await take_leave(client, gateway)
            except DeadKernelError:
                if gateway is None:
                    self.exit_code = await client.km.provisioner.poll()
                raise
            finally:
                if self.memory is not None:
                    self.memory.measure()  # Leaving the context ends the kernel.

    async def one_cell(self, client: BoundedClient, number: int, index: int, count: int) -> None:
        self.cell, self.index = number, index
        self.events.send("cell", cell=number, index=index, cells=count)
        started = time.monotonic()
        client.begin_cell()
        status: list[str] = []
        client.on_cell_executed = lambda cell, cell_index, execute_reply: (
            client.join_streams(),
            status.append(execute_reply["content"]["status"]),
        )
        await client.async_execute_cell(client.nb.cells[index], index, execution_count=number)
        if status and status[0] not in ("ok", "error"):
            raise SkippedCell(f"the kernel answered {status[0]!r}: the cell was not executed")
        self.events.send("cellDone", cell=number, seconds=round(time.monotonic() - started, 3))

    async def drain(self, client: BoundedClient) -> None:
        """Asks the kernel for failures that no cell has reported: floating rejections, late exceptions."""
        client.begin_cell()
        request_id = client.kc.execute("", silent=True, store_history=False)
        reply = await asyncio.wait_for(client.async_wait_for_reply(request_id), self.request["drainTimeout"])
        content = reply["content"]
        if content["status"] == "error":
            raise LateFailure(content)

    async def sample(self) -> None:
        while True:
            await asyncio.sleep(SAMPLE_SECONDS)
            shortage = self.memory.shortage() if self.memory else None
            if shortage is not None:
                self.stop("memory", **shortage)
                self.kill_kernel()  # At once: it goes on filling memory.

    async def end_kernel(self, client: BoundedClient) -> None:
        """What nbclient has not ended: a kernel whose start was cancelled, processes that cells have detached."""
        if client.km is not None and client.km.has_kernel:
            await client.km.shutdown_kernel(now=True)
        self.kill_kernel()

    def kill_kernel(self) -> None:
        """The kernel and all that it has started, also when it has died by itself."""
        if self.memory is None:
            return
        try:
            os.killpg(self.memory.kernel.pid, signal.SIGKILL)
        except OSError:
            pass
        for process in self.memory.descendants:
            try:
                if process.is_running():
                    process.kill()
            except psutil.Error:
                pass

    def guard_signals(self) -> None:
        """nbclient's own handlers would pull the kernel from under the running cell and leave it waiting."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, lambda: self.stop("interrupted"))


def local_kernel(request: dict[str, Any]) -> tuple[AsyncKernelManager, dict[str, Any]]:
    """A kernel of this machine, and how to start it."""
    specs = KernelSpecManager(kernel_dirs=[request["kernelDir"]], ensure_native_kernel=False)
    try:
        specs.get_kernel_spec(request["kernelName"])
    except ValueError as error:
        name = os.path.join(request["kernelDir"], request["kernelName"], "kernel.json")
        raise ValueError(f"{name} cannot be read: {error}") from error
    manager = AsyncKernelManager(
        kernel_name=request["kernelName"],
        kernel_spec_manager=specs,
        connection_file=request["connectionFile"],
    )
    return manager, {}


async def remote_kernel(request: dict[str, Any]) -> tuple[AsyncKernelManager, dict[str, Any]]:
    """A kernel of the gateway's, and how to start it. Gateways hand on variables whose names begin with KERNEL_."""
    from gateway import RemoteKernelManager, find_kernel  # Half a second that kernels of this machine need not wait.

    await find_kernel(request["kernelName"])
    folder = request["gateway"]["folder"]
    environment = {"KERNEL_NN30_FOLDER": folder}  # Read by scripts/kernel/launch.ts.
    return RemoteKernelManager(), {"kernel_name": request["kernelName"], "cwd": folder, "env": environment}


def write_copy(notebook: nbformat.NotebookNode, path: str) -> dict[str, Any] | None:
    """Writes the executed copy. A disk that is full is news for the reader, not a crash of ours."""
    try:
        nbformat.write(notebook, path)
    except OSError as error:
        return {"kind": "copy", "evalue": str(error), "cell": None, "index": None}
    return None


class SkippedCell(Exception):
    pass


class LateFailure(Exception):
    def __init__(self, content: dict[str, Any]) -> None:
        super().__init__(content.get("evalue", ""))
        self.content = content


def describe(error: BaseException, client: BoundedClient, run: Run) -> dict[str, Any]:
    """The fields of the error event."""
    if isinstance(error, GatewayError):
        return {"kind": "gateway", "evalue": str(error)}
    if isinstance(error, Mismatch):
        return {"kind": "remote", "here": run.request["gateway"]["facts"], "there": error.there}
    if isinstance(error, LateFailure):
        return {"kind": "late", **failure_fields(error.content), "cell": None, "index": None}
    if isinstance(error, CellExecutionError):
        fields = {"ename": error.ename, "evalue": error.evalue, "traceback": error_traceback(client, run.index)}
        return {"kind": "cell", **failure_fields(fields), "stderr": stderr_tail(client, run.index)}
    if isinstance(error, CellTimeoutError):
        return {"kind": "cellTimeout", "seconds": run.request["cellTimeout"]}
    if isinstance(error, DeadKernelError):
        return {"kind": "dead", "exit": run.exit_code}
    if isinstance(error, SkippedCell):
        return {"kind": "skipped", "evalue": str(error)}
    if run.memory is None and run.cell == 0:
        return {"kind": "start", "evalue": str(error) or type(error).__name__}
    if isinstance(error, asyncio.TimeoutError):
        return {"kind": "drain", "seconds": run.request["drainTimeout"]}
    return {"kind": "internal", "evalue": f"{type(error).__name__}: {error}"}


def failure_fields(content: dict[str, Any]) -> dict[str, Any]:
    return {
        "ename": content.get("ename") or "",
        "evalue": content.get("evalue") or "",
        "traceback": list(content.get("traceback") or []),
    }


def error_traceback(client: BoundedClient, index: int) -> list[str]:
    for output in reversed(client.nb.cells[index].outputs):
        if output.output_type == "error":
            return list(output.traceback)
    return []


def stderr_tail(client: BoundedClient, index: int) -> str:
    texts = [o.text for o in client.nb.cells[index].outputs if o.output_type == "stream" and o.name == "stderr"]
    return "".join(texts)[-4000:]


async def watch_stdin(reader: asyncio.StreamReader, run: Run) -> None:
    while await reader.read(4096):
        pass
    run.stop("interrupted")


async def main() -> int:
    leave_no_core_dump()
    events = Events()
    reader = asyncio.StreamReader(limit=1 << 20)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    line = await reader.readline()
    if not line:
        return 1
    run = Run(json.loads(line), events)
    run.guard_signals()
    watcher = asyncio.ensure_future(watch_stdin(reader, run))
    ok = await run.execute()
    watcher.cancel()
    events.send("finished", ok=ok, peakBytes=run.memory.peak_bytes if run.memory else run.remote_peak_bytes)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
