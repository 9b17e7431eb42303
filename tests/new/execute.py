"""Executes a notebook to its end, whatever fails, and prints the cells that failed: number of the code cell and error."""

import json
import sys

import nbformat
from nbclient import NotebookClient

path, folder = sys.argv[1:]
notebook = nbformat.read(path, as_version=4)
nbformat.validate(notebook)
client = NotebookClient(notebook, kernel_name="tslab", allow_errors=True, timeout=60)
client.execute(cwd=folder)
code = [cell for cell in notebook.cells if cell.cell_type == "code"]
failed = {
    number: f"{output.ename}: {output.evalue}"
    for number, cell in enumerate(code, start=1)
    for output in cell.outputs
    if output.output_type == "error"
}
print(json.dumps({"cells": [cell.execution_count for cell in code], "failed": failed}))
