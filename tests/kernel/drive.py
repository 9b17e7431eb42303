"""Drives one kernel through Jupyter's own client and prints what came back, as JSON.

Reads a scenario from standard input: {"kernel": name, "cwd": folder, "env": {...}, "steps": [...]}. A step is one of
  {"execute": code, ...options}      one request, waited for; options go to the request (silent, stop_on_error, ...)
  {"burst": [code, ...]}             requests sent at once, as JupyterLab's Run All does
  {"interrupt": code, "after": s}    a request that is interrupted after s seconds
  {"request": type, "content": {}}   any other request on the shell channel
  {"listen": s}                      collects late messages for s seconds
  {"dies": code}                     a request that ends the kernel; "outputs" is what arrived before
  {"shutdown": true}                 asks the kernel to end and measures how long that takes
Each step's result has "reply", "outputs" (iopub messages of that request, in order) and "seconds".
"""

import json
import os
import queue
import subprocess
import sys
import time

from jupyter_client.manager import KernelManager

TIMEOUT = 40


class Driver:
    def __init__(self, scenario):
        self.manager = KernelManager(kernel_name=scenario["kernel"])
        env = {**os.environ, **scenario.get("env", {})}
        started = time.monotonic()
        # Node makes a pipe that it inherits non-blocking, and this script's results would be cut.
        self.manager.start_kernel(cwd=scenario["cwd"], env=env, stdout=subprocess.DEVNULL)
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=TIMEOUT)
        self.start_seconds = time.monotonic() - started
        self.published = []
        self.late = []

    def close(self):
        self.client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)

    def run(self, step):
        for name in ("execute", "burst", "interrupt", "request", "listen", "dies", "shutdown"):
            if name in step:
                started = time.monotonic()
                result = getattr(self, name)(step)
                for item in result if isinstance(result, list) else [result]:
                    item["seconds"] = time.monotonic() - started
                return result
        raise ValueError(f"unknown step {step}")

    def reply_to(self, message_id):
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            message = self.client.get_shell_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") == message_id:
                return message
        raise TimeoutError

    def outputs_of(self, message_id):
        """Everything published for a request up to its idle status. Messages of other requests are kept as late."""
        outputs = []
        pending, self.published = self.published, []
        while True:
            message = pending.pop(0) if pending else self.client.get_iopub_msg(timeout=TIMEOUT)
            kind, content = message["header"]["msg_type"], message["content"]
            if message["parent_header"].get("msg_id") != message_id:
                self.late.append(message)
            elif kind == "status":
                if content["execution_state"] == "idle":
                    self.published = pending
                    return outputs
            else:
                outputs.append({"type": kind, "content": content})

    def finish(self, message_id):
        reply = self.reply_to(message_id)
        return {
            "id": message_id,
            "reply": reply["content"],
            "type": reply["header"]["msg_type"],
            "outputs": self.outputs_of(message_id),
        }

    def execute(self, step):
        options = {key: value for key, value in step.items() if key != "execute"}
        return self.finish(self.client.execute(step["execute"], **options))

    def burst(self, step):
        ids = [self.client.execute(code) for code in step["burst"]]
        results = []
        for message_id in ids:
            reply = self.reply_to(message_id)
            results.append({"id": message_id, "reply": reply["content"], "outputs": []})
        # Their messages overlap, so the outputs are sorted out once all have been read.
        by_id = {result["id"]: result for result in results}
        idle = set()
        while len(idle) < len(ids):
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            parent = message["parent_header"].get("msg_id")
            if message["header"]["msg_type"] != "status":
                by_id[parent]["outputs"].append({"type": message["header"]["msg_type"], "content": message["content"]})
            elif message["content"]["execution_state"] == "idle":
                idle.add(parent)
        return results

    def interrupt(self, step):
        message_id = self.client.execute(step["interrupt"])
        time.sleep(step["after"])
        self.manager.interrupt_kernel()
        return self.finish(message_id)

    def request(self, step):
        message = self.client.session.msg(step["request"], step.get("content", {}))
        self.client.shell_channel.send(message)
        return self.finish(message["header"]["msg_id"])

    def listen(self, step):
        deadline = time.monotonic() + step["listen"]
        late, self.late = self.late, []
        while (left := deadline - time.monotonic()) > 0:
            try:
                late.append(self.client.get_iopub_msg(timeout=left))
            except queue.Empty:
                break
        return {
            "outputs": [
                {"type": m["header"]["msg_type"], "content": m["content"], "parent": m["parent_header"].get("msg_id")}
                for m in late
                if m["header"]["msg_type"] != "status"
            ]
        }

    def dies(self, step):
        message_id = self.client.execute(step["dies"])
        outputs = []
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=0.5)
            except queue.Empty:
                if not self.client.is_alive():
                    return {"id": message_id, "outputs": outputs}
                continue
            if message["header"]["msg_type"] != "status":
                outputs.append({"type": message["header"]["msg_type"], "content": message["content"]})

    def shutdown(self, _step):
        message = self.client.session.msg("shutdown_request", {"restart": False})
        self.client.control_channel.send(message)
        reply = self.client.get_control_msg(timeout=TIMEOUT)
        replied = time.monotonic()
        while self.client.is_alive() and time.monotonic() - replied < TIMEOUT:
            time.sleep(0.005)
        return {"reply": reply["content"], "exit_seconds": time.monotonic() - replied}


def main():
    scenario = json.load(sys.stdin)
    driver = Driver(scenario)
    try:
        results = [driver.run(step) for step in scenario["steps"]]
    finally:
        driver.close()
    json.dump({"start_seconds": driver.start_seconds, "results": results}, sys.stdout)


if __name__ == "__main__":
    main()
