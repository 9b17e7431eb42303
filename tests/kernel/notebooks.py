"""Executes notebooks with nbclient, as the runner does, and prints their outputs as JSON.

Reads a list of {"kernel": name, "cells": [{"source": code, "tags": [...]}]} from standard input.
"""

import asyncio
import json
import subprocess
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError


async def execute(notebook):
    cells = []
    for cell in notebook["cells"]:
        cells.append(nbformat.v4.new_code_cell(cell["source"], metadata={"tags": cell.get("tags", [])}))
    node = nbformat.v4.new_notebook(cells=cells)
    client = NotebookClient(node, kernel_name=notebook["kernel"], timeout=60)
    failed = None
    try:
        # The stock kernel would make an inherited pipe non-blocking, and this script's results would be cut.
        await client.async_execute(stdout=subprocess.DEVNULL)
    except CellExecutionError as error:
        failed = {"ename": error.ename, "evalue": error.evalue, "text": str(error)}
    nbformat.validate(node)
    return {
        "failed": failed,
        "language": node.metadata.get("language_info", {}),
        "cells": [{"count": cell.execution_count, "outputs": cell.outputs} for cell in node.cells],
    }


async def main():
    notebooks = json.load(sys.stdin)
    results = await asyncio.gather(*(execute(notebook) for notebook in notebooks))
    json.dump(results, sys.stdout)


asyncio.run(main())
