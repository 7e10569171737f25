# clang-tidy over our translation units within a time limit. What was clean is remembered by content (the file, every header
# of ours it includes, the checks, the compiler's flags, clang-tidy itself), outside the tree, so that only what changed is
# looked at again, and a run that was short of time is continued by the next.
#   clang_tidy.py [--build build/dev] [--minutes 12]     closes with: N passed, N failed, N skipped
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
STAMPS = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "osect" / "clang-tidy"
TOOL = "clang-tidy-14"
GCC_ONLY = re.compile(r" -m(?:memcpy|memset)-strategy=\S+")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.M)


def ours(entries):
    """(path, command) of the units of base/, sensor/ and cloud/; tests are left to the compiler's warnings."""
    for entry in entries:
        path = pathlib.Path(entry["directory"], entry["file"]).resolve()
        relative = os.path.relpath(path, ROOT)
        if relative.split(os.sep)[0] in ("base", "sensor", "cloud") and not re.search(r"_test\.cpp$|/testing/", relative):
            yield relative, entry["command"]


def headers(path, seen):
    text = (ROOT / path).read_text()
    for name in INCLUDE.findall(text):
        # The build writes osect/v1/x.pb.h of proto/osect/v1/x.proto.
        message = re.sub(r"^(osect/.*?)(\.grpc)?\.pb\.h$", r"proto/\1.proto", name)
        if message not in seen and (ROOT / message).is_file():
            seen.add(message)
            headers(message, seen)
    return seen


def key(path, command, version):
    digest = hashlib.sha256(version + (ROOT / ".clang-tidy").read_bytes())
    digest.update(command.replace(str(ROOT), "").encode())
    for part in [path, *sorted(headers(path, set()))]:
        digest.update((ROOT / part).read_bytes())
    return digest.hexdigest()


def exceptions(path):
    """Options for one unit. The analyzer of clang 14 knows no coroutines: it walks paths through Boost that none can take."""
    has_coroutines = "co_await" in (ROOT / path).read_text()
    return ["--checks=-clang-analyzer-*"] if has_coroutines else []


def check(build, path, deadline):
    """None where the time is over, else what clang-tidy found."""
    if time.monotonic() > deadline:
        return None
    command = [TOOL, "--quiet", "-p", build, *exceptions(path), path]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return result.stdout if result.returncode else ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "dev")
    parser.add_argument("--minutes", type=float, default=12)
    options = parser.parse_args()
    deadline = time.monotonic() + options.minutes * 60
    STAMPS.mkdir(parents=True, exist_ok=True)
    version = subprocess.run([TOOL, "--version"], check=True, capture_output=True).stdout
    entries = json.loads((options.build / "compile_commands.json").read_text())
    for entry in entries:
        entry["command"] = GCC_ONLY.sub("", entry["command"])
    keys = {path: key(path, command, version) for path, command in ours(entries)}
    waiting = [path for path in keys if not (STAMPS / keys[path]).exists()]
    counts = {"passed": len(keys) - len(waiting), "failed": 0, "skipped": 0}
    with tempfile.TemporaryDirectory() as commands, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        (pathlib.Path(commands) / "compile_commands.json").write_text(json.dumps(entries))
        for path, found in zip(waiting, pool.map(lambda p: check(commands, p, deadline), waiting)):
            if found is None:
                counts["skipped"] += 1
            elif found:
                counts["failed"] += 1
                print(found)
            else:
                counts["passed"] += 1
                (STAMPS / keys[path]).touch()
    if counts["skipped"]:
        print(f"skipped: {counts['skipped']} of {len(keys)} units had not been looked at after {options.minutes:g} minutes")
    print(", ".join(f"{number} {word}" for word, number in counts.items()))
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
