#!/usr/bin/env python3
# Writes the captures of the golden tests.
"""Write the captures of the golden tests, frame by frame from the specifications; the same bytes every time.

    make_captures.py [PROTOCOL ...]     (default: all)
    make_captures.py --check            status 1 when a capture is not what its case writes

Each case is a function of <protocol>/captures.py whose one parameter is the capture `c`; it becomes <protocol>/<case>.pcap.
"""
import glob
import importlib.util
import inspect
import os
import sys

from packets import Capture

HERE = os.path.dirname(os.path.abspath(__file__))


def protocols():
    """Each protocol's name with its captures.py as a module."""
    for path in sorted(glob.glob(os.path.join(HERE, "*", "captures.py"))):
        name = os.path.basename(os.path.dirname(path))
        spec = importlib.util.spec_from_file_location(f"captures_of_{name}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield name, module


def cases():
    for protocol, module in protocols():
        for name, case in vars(module).items():
            if inspect.isfunction(case) and list(inspect.signature(case).parameters) == ["c"]:
                capture = Capture()
                case(capture)
                yield protocol, os.path.join(HERE, protocol, name.replace("_", "-") + ".pcap"), capture.file()


def check():
    left_over = set(glob.glob(os.path.join(HERE, "*", "*.pcap")))
    stale = []
    for _, path, content in cases():
        left_over.discard(path)
        try:
            with open(path, "rb") as f:
                if f.read() != content:
                    stale.append(path)
        except OSError:
            stale.append(path)
    for path in stale:
        print(f"{os.path.relpath(path, HERE)} is not what its case writes; run make_captures.py and bless it")
    for path in sorted(left_over):
        print(f"{os.path.relpath(path, HERE)} has no case in captures.py beside it")
    return 1 if stale or left_over else 0


def main():
    if sys.argv[1:] == ["--check"]:
        return check()
    for protocol, path, content in cases():
        if sys.argv[1:] and protocol not in sys.argv[1:]:
            continue
        with open(path, "wb") as f:
            f.write(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
