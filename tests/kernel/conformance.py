"""Jupyter's own conformance suite, run on the kernel whose name is in NN30_TEST_KERNEL.

The base class is used through its module, so that the runner does not collect it as a test of its own.
"""

import os
import unittest

import jupyter_kernel_test


class TypeScriptKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = os.environ.get("NN30_TEST_KERNEL", "tslab")
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("to the error stream")'
    completion_samples = [
        {"text": "Math.hypo", "matches": {"hypot"}},
        {"text": "[1].findLastInd", "matches": set()},
        {"text": "consol", "matches": {"console"}},
    ]
    complete_code_samples = [
        "1 + 1",
        "const ready: number = 5;",
        "function double(x: number): number {\n  return 2 * x;\n}",
        "for (const x of [1, 2]) console.log(x)",
        "const identity = <T>(value: T): T => value;",
        "await Promise.resolve(1)",
        "",
    ]
    incomplete_code_samples = [
        "function unfinished() {",
        "const text = `first line",
        "[1, 2,",
        "Math.max(1,",
        "const value =",
        "/* a comment",
        "class Point {\n  x = 1;",
    ]
    invalid_code_samples = ["const x = ];", 'const text = "open', "let 1a = 2;", "}"]
    code_execute_result = [
        {"code": "1 + 2 + 3", "result": "6"},
        {"code": "[1, 2, 3].map((x) => 2 * x)", "result": "[ 2, 4, 6 ]"},
        {"code": '"text"', "result": "'text'"},
        {"code": 'await Promise.resolve({ a: 1, b: "two" })', "result": "{ a: 1, b: 'two' }"},
        {
            "code": '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>rich</b>" }) })',
            "result": "<b>rich</b>",
            "mime": "text/html",
        },
    ]
    code_display_data = [
        {"code": 'import { display } from "tslab";\ndisplay.html("<b>bold</b>")', "mime": "text/html"},
        {"code": 'import { display as d } from "tslab";\nd.png(new Uint8Array([1, 2]))', "mime": "image/png"},
    ]
    code_generate_error = 'throw new RangeError("on purpose")'
    code_inspect_sample = "Math.max"
    code_history_pattern = "1 + 2*"
    supported_history_operations = ("tail", "range", "search")


if __name__ == "__main__":
    unittest.main(verbosity=2)
