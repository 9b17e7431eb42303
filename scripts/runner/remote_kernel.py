"""What is said to a kernel on another machine before a notebook's first cell and after its last one."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

from nbclient import NotebookClient

# Runs in the kernel. A block, so that it leaves no name behind; what it prints is one line of JSON after the mark.
GREETING = """{
  const { execFileSync } = require("node:child_process");
  const { realpathSync, rmSync } = require("node:fs");
  const { tmpdir } = require("node:os");
  const { join, resolve } = require("node:path");
  const options = %(options)s;
  const answer: Record<string, unknown> = {};
  try {
    const launcher = process.argv[1] ?? "";
    if (!/[\\\\/]scripts[\\\\/]build[\\\\/]kernel[\\\\/]launch\\.js$/.test(launcher)) {
      throw new Error(`its kernel spec starts ${launcher}, not this project's scripts/build/kernel/launch.js`);
    }
    const here = realpathSync(process.cwd());
    let folder = "";
    try {
      folder = realpathSync(options.folder);
    } catch {
      throw new Error(`there is no folder ${options.folder} there: --gateway-root says where the collection lies`);
    }
    if (here !== folder) throw new Error(`it started in ${here}, not in ${folder}: does the gateway pass KERNEL_NN30_FOLDER on?`);
    const facts = resolve(launcher, "../../facts.js");
    const printed = execFileSync(process.execPath, [facts, options.root, options.days.join(",")], { encoding: "utf8" });
    answer.facts = JSON.parse(printed);
    const results = join(tmpdir(), `nn30-results-${options.id}.json`);
    Object.assign(process.env, options.environment, { NN30_RESULTS: results });
    process.on("exit", () => rmSync(results, { force: true }));
  } catch (error) {
    answer.problem = (error instanceof Error ? error.message : String(error)).split("\\n")[0];
  }
  process.stdout.write(options.mark + JSON.stringify(answer) + "\\n");
}"""

FAREWELL = """{
  const { existsSync, readFileSync } = require("node:fs");
  const file = process.env.NN30_RESULTS ?? "";
  const results = existsSync(file) ? readFileSync(file, "utf8") : null;
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(%(mark)s + JSON.stringify({ results, peakBytes }) + "\\n");
}"""

SECONDS = 60


class GatewayError(RuntimeError):
    """What is wrong with a gateway or its kernel, in a sentence for whoever started the run."""


class Mismatch(Exception):
    """The kernel's machine would not run the notebook with what this machine has."""

    def __init__(self, there: dict[str, Any]) -> None:
        super().__init__("the kernel's machine differs")
        self.there = there


async def greet(client: NotebookClient, gateway: dict[str, Any]) -> None:
    """Prepares a kernel for a notebook. Raises Mismatch or GatewayError where it cannot run it."""
    mark = new_mark()
    options = {
        "folder": gateway["folder"],
        "root": gateway["root"],
        "days": [int(day) for day in gateway["facts"]["results"]],
        "environment": gateway["environment"],
        "id": uuid.uuid4().hex,
        "mark": mark,
    }
    answer = await ask(client, GREETING % {"options": json.dumps(options)}, mark)
    if "problem" in answer:
        raise GatewayError(f"the gateway's kernel cannot run this collection: {answer['problem']}")
    if answer["facts"] != gateway["facts"]:
        raise Mismatch(answer["facts"])


async def take_leave(client: NotebookClient, gateway: dict[str, Any]) -> int:
    """Fetches the results that the lesson has written on its machine. The kernel's peak memory, in bytes."""
    mark = new_mark()
    answer = await ask(client, FAREWELL % {"mark": json.dumps(mark)}, mark)
    if answer["results"] is not None and "results" in gateway:
        with open(gateway["results"], "w", encoding="utf-8", newline="") as file:
            file.write(answer["results"])
    return int(answer["peakBytes"])


def new_mark() -> str:
    """Tells our own line from what cells may still be printing."""
    return f"nn30-{uuid.uuid4().hex} "


async def ask(client: NotebookClient, code: str, mark: str) -> dict[str, Any]:
    """Runs code in the kernel, outside of the notebook's numbering; what it printed after the mark."""
    request = client.kc.execute(code, store_history=False)
    printed, errors = await asyncio.wait_for(outputs(client, request), SECONDS)
    await client.async_wait_for_reply(request)
    for line in printed.splitlines():
        if line.startswith(mark):
            return json.loads(line[len(mark) :])
    raise GatewayError(f"the gateway's kernel does not answer as this project's does: {errors or printed[-200:] or 'nothing'}")


async def outputs(client: NotebookClient, request: str) -> tuple[str, str]:
    """What a request prints until the kernel is done with it, and its error."""
    printed, error = "", ""
    while True:
        message = await client.kc.iopub_channel.get_msg(timeout=None)
        if message["parent_header"].get("msg_id") != request:
            continue
        content = message["content"]
        if message["msg_type"] == "stream":
            printed += content["text"]
        elif message["msg_type"] == "error":
            error = content["evalue"]
        elif message["msg_type"] == "status" and content["execution_state"] == "idle":
            return printed, error
