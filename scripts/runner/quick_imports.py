"""Makes nbformat and nbclient start quickly. To be imported before them.

nbformat imports jsonschema, which looks for these packages to check formats that no notebook has; JupyterLab has brought
them. One of them builds a grammar of international addresses: a second and a half of every start.
"""

import sys

for name in ("rfc3987_syntax", "isoduration"):
    sys.modules[name] = None  # type: ignore[assignment]
