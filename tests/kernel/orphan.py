"""Starts a kernel from a process that is then killed, with an endless loop in a cell, and waits until it is gone.

Prints how long that took. Without arguments this is the observer; with "parent" the process that starts the kernel.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

LIMIT = 20


def start_kernel():
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name="launcher")
    manager.start_kernel()
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    client.execute("console.log('looping'); while (true) {}")
    while client.get_iopub_msg(timeout=60)["header"]["msg_type"] != "stream":
        pass
    print(manager.provisioner.pid, flush=True)
    time.sleep(600)


def is_running(pid):
    try:
        # A killed process whose new parent does not collect it stays in the table as a zombie.
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def observe():
    parent = subprocess.Popen([sys.executable, __file__, "parent"], stdout=subprocess.PIPE, text=True)
    kernel = int(parent.stdout.readline())
    was_running = is_running(kernel)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    killed = time.monotonic()
    while is_running(kernel) and time.monotonic() - killed < LIMIT:
        time.sleep(0.05)
    gone = not is_running(kernel)
    if not gone:
        os.kill(kernel, signal.SIGKILL)
    json.dump({"was_running": was_running, "gone": gone, "seconds": time.monotonic() - killed}, sys.stdout)


if sys.argv[1:] == ["parent"]:
    start_kernel()
else:
    observe()
