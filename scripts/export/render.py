"""Renders notebooks through nbconvert, as a blog draft (Markdown) or as a page (HTML).

One process renders every notebook that is asked for, because starting Python and loading nbconvert takes longer than
converting. Requests come on stdin, one JSON object a line:

    {"notebook": path, "format": "md" | "html", "images": {"3:0": {"file": …, "alt": …}}}

`images` names the file and the description of each picture by the index of its cell and output. An answer goes to stdout for each request,
in order: {"text": …} or {"error": …}. Formulas of a page are left between <nn30-math> tags; render.ts puts MathML there.
"""

from __future__ import annotations

import html
import json
import os
import re
import sys
from collections.abc import Callable
from typing import Any

import nbformat
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbconvert import HTMLExporter, MarkdownExporter
from nbconvert.filters import strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter
from traitlets.config import Config

TEMPLATES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "templates")
LANGUAGE = "typescript"


def configuration(priority: list[str]) -> Config:
    """What both formats share: our tags, and pictures that we name ourselves."""
    config = Config()
    config.NbConvertBase.display_data_priority = priority
    config.TagRemovePreprocessor.enabled = True
    config.TagRemovePreprocessor.remove_cell_tags = {"blog-skip"}
    config.TagRemovePreprocessor.remove_input_tags = {"hide-input"}
    config.TagRemovePreprocessor.remove_all_outputs_tags = {"hide-output"}
    config.ExtractOutputPreprocessor.enabled = False
    config.CSSHTMLHeaderPreprocessor.enabled = False
    return config


def draft_exporter() -> MarkdownExporter:
    # Tables and claims carry Markdown; HTML is the last resort before plain text.
    priority = ["text/markdown", "image/png", "text/latex", "text/html", "text/plain"]
    exporter = MarkdownExporter(
        config=configuration(priority), template_name="blog", extra_template_basedirs=[TEMPLATES]
    )
    for name, function in {"fenced": fenced, "image_alt": image_alt, "fold_summary": fold_summary}.items():
        exporter.register_filter(name, function)
    return exporter


def page_exporter() -> HTMLExporter:
    priority = ["text/html", "text/markdown", "image/png", "text/latex", "text/plain"]
    exporter = PageExporter(
        config=configuration(priority), template_name="page", extra_template_basedirs=[TEMPLATES], embed_images=True
    )
    exporter.register_filter("fold_summary", fold_summary)
    exporter.register_filter("formula", lambda tex: formula(re.sub(r"^\s*\$+|\$+\s*$", "", tex), display=True))
    return exporter


class FormulaRenderer(IPythonRenderer):
    """Marks formulas up for render.ts instead of leaving them to a script in the reader's browser."""

    def block_math(self, body: str) -> str:
        return formula(body, display=True)

    def inline_math(self, body: str) -> str:
        return formula(body, display=False)

    def latex_environment(self, name: str, body: str) -> str:
        return formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", display=True)


class PageExporter(HTMLExporter):
    def markdown2html(self, context: Any, source: str) -> str:
        path = context.get("resources", {}).get("metadata", {}).get("path", "")
        renderer = FormulaRenderer(escape=False, embed_images=True, path=path, exclude_anchor_links=True)
        return MarkdownWithMath(renderer=renderer).render(source)

    # nbconvert hands the template's context to filters that ask for it in this way.
    markdown2html.jinja_pass_arg = HTMLExporter.markdown2html.jinja_pass_arg  # type: ignore[attr-defined]


def formula(tex: str, *, display: bool) -> str:
    return f'<nn30-math data-display="{str(display).lower()}">{html.escape(tex.strip(), quote=False)}</nn30-math>'


def fenced(text: str, language: str = "text") -> str:
    """A fenced block, with a fence longer than any in the text."""
    text = "\n".join(line.rstrip() for line in strip_ansi(text).strip("\n").splitlines())
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def image_alt(output: NotebookNode) -> str:
    return re.sub(r"([\\\[\]])", r"\\\1", output.metadata["alt"])


def fold_summary(cell: NotebookNode) -> str:
    """The line above a folded cell: empty for a cell that is not folded."""
    if "solution" in cell.metadata.get("tags", []):
        exercise = re.match(r"\s*(?://|/\*+)\s*(Exercise \d+)", cell.source)
        return f"Solution: {exercise[1].lower()}" if exercise else "Solution"
    if cell.metadata.get("jupyter", {}).get("source_hidden"):
        return "Code"
    return ""


def prepare(notebook: NotebookNode, request: dict[str, Any]) -> None:
    """What the two formats do before a template sees the notebook."""
    notebook.metadata.setdefault("language_info", NotebookNode())["name"] = LANGUAGE
    draft = request["format"] == "md"
    first_prose = True
    for cell_index, cell in enumerate(notebook.cells):
        cell.source = cell.source.strip("\n")
        if cell.cell_type == "markdown":
            source = re.sub(r"(?<!!)\[([^\]]*)\]\(#claim-[^)\s]*\)", r"\1", cell.source)
            if draft:
                # The front matter has the title, and blog hosts print it above the text.
                source = re.sub(r"\A# .*\n*", "", source) if first_prose else source
                source = unwrap(source)
            first_prose = False
            cell.source = source
        elif cell.cell_type == "code":
            cell.outputs = [
                shown
                for output_index, output in enumerate(cell.outputs)
                if (shown := clean(output, request["images"].get(f"{cell_index}:{output_index}"))) is not None
            ]


def clean(output: NotebookNode, image: dict[str, str] | None) -> NotebookNode | None:
    """An output without what no reader wants; none if nothing is left of it."""
    if output.output_type == "stream":
        output.text = strip_ansi(output.text)
        return output if output.name == "stdout" and output.text.strip() else None
    if output.output_type == "error":
        return output
    if "<script" in output.data.get("text/html", ""):
        del output.data["text/html"]
    if image is not None:
        output.metadata["filenames"] = {"image/png": image["file"]}
        output.metadata["alt"] = image["alt"]
    for kind in ("text/plain", "text/markdown", "text/html", "text/latex"):
        if not output.data.get(kind, "").strip():
            output.data.pop(kind, None)
    return output if output.data else None


def unwrap(source: str) -> str:
    """One line a paragraph: some blog hosts turn every line break into a <br>."""
    lines = source.split("\n")
    parser = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
    quotes = 0
    for token in reversed(parser.parse(source)):  # from the end, so that line numbers stay right
        quotes += {"blockquote_close": 1, "blockquote_open": -1}.get(token.type, 0)
        if token.type != "paragraph_open" or token.map is None:
            continue
        start, end = token.map
        paragraph = lines[start:end]
        if any("$$" in line for line in paragraph):
            continue
        joined = paragraph[:1]
        for line in paragraph[1:]:
            text = re.sub(r"^(?:\s*>)+ ?" if quotes else r"^\s+", "", line).strip()
            if joined[-1].endswith(("  ", "\\")):
                joined.append(line)  # a line break that is meant
            else:
                joined[-1] = f"{joined[-1].rstrip()} {text}" + ("  " if line.endswith("  ") else "")
        lines[start:end] = joined
    return "\n".join(lines)


def page_style() -> str:
    with open(os.path.join(TEMPLATES, "page", "style.css"), encoding="utf-8") as file:
        style = file.read()
    light = HtmlFormatter(style="friendly").get_style_defs(".highlight")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".highlight")
    return f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n{style}"


def renderer(format_name: str) -> Callable[[NotebookNode, str], str]:
    exporter = draft_exporter() if format_name == "md" else page_exporter()
    style = page_style() if format_name == "html" else ""

    def render(notebook: NotebookNode, path: str) -> str:
        resources = {"metadata": {"path": os.path.dirname(path)}, "page_style": style}
        text, _ = exporter.from_notebook_node(notebook, resources)
        return text.strip("\n") + "\n"

    return render


def main() -> None:
    renderers: dict[str, Callable[[NotebookNode, str], str]] = {}
    for line in sys.stdin:
        request = json.loads(line)
        path, format_name = request["notebook"], request["format"]
        try:
            notebook = nbformat.read(path, as_version=4)
            prepare(notebook, request)
            if format_name not in renderers:
                renderers[format_name] = renderer(format_name)
            answer = {"text": renderers[format_name](notebook, path)}
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to this notebook and goes to the caller
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
