# clang-tidy over our translation units within a time limit. What was clean is remembered by content (the file, every header
# of ours it includes, the checks, the compiler's flags), outside the tree, so that only what changed is looked at again.
#   clang_tidy.py [--build build/dev] [--minutes 6]     closes with: N passed, N failed, N skipped
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
STAMPS = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "osect" / "clang-tidy"
TOOL = "clang-tidy-14"
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.M)


NOT_YET = "cloud"  # never looked at as a whole: each of its units counts as skipped, by name, until it is clean


def ours(build):
    """(path, command) of the units of base/, sensor/ and cloud/; tests are left to the compiler's warnings."""
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["directory"], entry["file"]).resolve()
        relative = os.path.relpath(path, ROOT)
        if relative.split(os.sep)[0] in ("base", "sensor", "cloud") and not re.search(r"_test\.cpp$|/testing/", relative):
            yield relative, entry["command"]


def headers(path, seen):
    text = (ROOT / path).read_text()
    for name in INCLUDE.findall(text):
        if name not in seen and (ROOT / name).is_file():
            seen.add(name)
            headers(name, seen)
    return seen


def key(path, command):
    digest = hashlib.sha256((ROOT / ".clang-tidy").read_bytes())
    digest.update(command.replace(str(ROOT), "").encode())
    for part in [path, *sorted(headers(path, set()))]:
        digest.update((ROOT / part).read_bytes())
    return digest.hexdigest()


def check(build, path, deadline):
    """None where the time is over, else what clang-tidy found."""
    if time.monotonic() > deadline:
        return None
    result = subprocess.run([TOOL, "--quiet", "-p", build, path], cwd=ROOT, capture_output=True, text=True)
    return result.stdout if result.returncode else ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "dev")
    parser.add_argument("--minutes", type=float, default=6)
    options = parser.parse_args()
    deadline = time.monotonic() + options.minutes * 60
    STAMPS.mkdir(parents=True, exist_ok=True)
    units = dict(ours(options.build))
    put_off = sorted(path for path in units if path.split(os.sep)[0] == NOT_YET)
    keys = {path: key(path, command) for path, command in units.items() if path not in put_off}
    waiting = [path for path in keys if not (STAMPS / keys[path]).exists()]
    counts = {"passed": len(keys) - len(waiting), "failed": 0, "skipped": len(put_off)}
    for path in put_off:
        print(f"skipped: clang-tidy of {path}: {NOT_YET}/ is not clean yet")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, found in zip(waiting, pool.map(lambda p: check(options.build, p, deadline), waiting)):
            if found is None:
                counts["skipped"] += 1
                print(f"skipped: clang-tidy of {path}: no time left")
            elif found:
                counts["failed"] += 1
                print(found)
            else:
                counts["passed"] += 1
                (STAMPS / keys[path]).touch()
    print(", ".join(f"{number} {word}" for word, number in counts.items()))
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
