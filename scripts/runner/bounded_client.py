"""nbclient with a bound on what a notebook may print."""

from __future__ import annotations

import json
from typing import Any, Callable

from nbclient import NotebookClient


class BoundedClient(NotebookClient):
    """Stops an execution that prints too much, and joins the pieces of a stream itself: nbclient's own joining
    (`coalesce_streams`, to be left off) takes quadratic time in the number of pieces and in the length of a line.

    `limits` are bytes for a cell and for the notebook; `overflow` is called with "cell" or "notebook" and the limit.
    """

    def __init__(self, *args: Any, limits: tuple[int, int], overflow: Callable[[str, int], None], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cell_limit, self._notebook_limit = limits
        self._overflow = overflow
        self._notebook_bytes = 0
        self.begin_cell()

    def begin_cell(self) -> None:
        self._cell_bytes = 0
        self._streams: list[tuple[Any, list[str]]] = []

    def output(self, outs: list[Any], msg: dict[str, Any], display_id: str | None, cell_index: int) -> Any:
        size = payload_bytes(msg["content"])
        self._cell_bytes += size
        self._notebook_bytes += size
        if self._cell_bytes > self._cell_limit:
            self._overflow("cell", self._cell_limit)
            return None
        if self._notebook_bytes > self._notebook_limit:
            self._overflow("notebook", self._notebook_limit)
            return None
        if msg["msg_type"] != "stream":
            return super().output(outs, msg, display_id, cell_index)
        if not self.clear_before_next_output:
            for node, pieces in self._streams:
                if node.name == msg["content"]["name"] and any(out is node for out in outs):
                    pieces.append(msg["content"]["text"])
                    return node
        node = super().output(outs, msg, display_id, cell_index)
        if node is not None:
            self._streams.append((node, [node.text]))
        return node

    def join_streams(self) -> None:
        for node, pieces in self._streams:
            node.text = overwrite_lines("".join(pieces))
        self._streams = []


def overwrite_lines(text: str) -> str:
    """What a terminal would show of progress bars: of a line, only what follows its last carriage return."""
    if "\r" not in text:
        return text
    return "\n".join(line.removesuffix("\r").rsplit("\r", 1)[-1] for line in text.split("\n"))


def payload_bytes(content: dict[str, Any]) -> int:
    """Size of a message's payload, near enough for a limit."""
    if "text" in content:
        return len(content["text"])
    if "data" in content:
        return sum(len(v) if isinstance(v, str) else len(json.dumps(v)) for v in content["data"].values())
    return sum(len(line) for line in content.get("traceback", []))
