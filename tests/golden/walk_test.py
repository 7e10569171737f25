#!/usr/bin/env python3
# docs/adding-a-protocol.md is true: its example, added as the page says and nowhere else, is recognised, dissected and documented.
"""walk_test.py BUILD: copies the sources, writes the page's blocks to the files that it names, builds with the commands of BUILD
(only what the three places change), runs the page's own commands, and then the golden test and the sweeps of the new protocol."""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIST = "sensor/dissect/CMakeLists.txt"
PLACES = {"sensor/dissect/ot/lamp.cpp", "tests/golden/lamp/captures.py", LIST}


def blocks(page):
    """What the page says to write: file -> text; and the commands that it says to run."""
    files = dict(re.findall(r"^\*\*([\w./]+)\*\*\n\n```\w+\n(.*?)^```$", page, re.M | re.S))
    return files, re.search(r"^```sh\n(.*?)^```$", page, re.M | re.S)[1].splitlines()


def write(tree, files):
    line = files[LIST]
    listed = (tree / LIST).read_text()
    (tree / LIST).write_text(listed.replace("  it/arp\n", line + "  it/arp\n"))
    for name in PLACES - {LIST}:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(files[name])


def run(command, where):
    done = subprocess.run(command, cwd=where, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{shlex.join(command)}\n{done.stdout}{done.stderr}")


def compiled(tree, build, like, source, to):
    """`source` of the tree, compiled as the build compiles `like`."""
    commands = json.loads((build / "compile_commands.json").read_text())
    words = next(shlex.split(c["command"]) for c in commands if c["file"] == str(ROOT / like))
    at = words.index("-o")
    words = [word for word in words[:at] + words[at + 2:] if word != str(ROOT / like)]
    words = [f"-I{tree}" if word == f"-I{ROOT}" else word for word in words]
    run([*words, "-I" + str(tree / "sensor/dissect"), "-o", str(to), str(tree / source)], build)


def linked(tree, build):
    """The golden program with the new protocol in its list."""
    names = re.findall(r"^  (?:ot|it)/(\w+)$", (tree / LIST).read_text(), re.M)
    (tree / "sensor/dissect/protocols.inc").write_text("".join(f"OSECT_PROTOCOL({name})\n" for name in names))
    objects = [tree / "lamp.o", tree / "registry.o"]
    compiled(tree, build, "sensor/dissect/ot/modbus.cpp", "sensor/dissect/ot/lamp.cpp", objects[0])
    compiled(tree, build, "sensor/dissect/registry.cpp", "sensor/dissect/registry.cpp", objects[1])
    told = subprocess.run(["ninja", "-C", str(build), "-t", "commands", "golden"], capture_output=True, text=True, check=True)
    words = shlex.split(told.stdout.splitlines()[-1].removeprefix(": && ").removesuffix(" && :"))
    program = tree / "build/dev/tests/golden/golden"
    program.parent.mkdir(parents=True)
    at = words.index("-o")
    run([*words[:at], *map(str, objects), "-o", str(program), *words[at + 2:]], build)
    return program


def main():
    build = pathlib.Path(sys.argv[1])
    files, commands = blocks((ROOT / "docs/adding-a-protocol.md").read_text())
    if set(files) != PLACES:
        sys.exit(f"the page writes to {sorted(files)}, not to the three places {sorted(PLACES)}")
    with tempfile.TemporaryDirectory() as folder:
        tree = pathlib.Path(folder)
        for part in ("base", "docs", "sensor", "tests/golden"):
            shutil.copytree(ROOT / part, tree / part)
        write(tree, files)
        program = linked(tree, build)
        for command in commands:
            run(shlex.split(command), tree)
        capture = tree / "tests/golden/lamp/switching.pcap"
        for what in ("check", "prefixes", "flips", "cuts"):
            run([str(program), what, str(capture)], tree)
        said = [json.loads(line) for line in capture.with_suffix(".jsonl").read_text().splitlines()]
        answers = [(a["function"], a["code"], a["access"], a["target"], a.get("error", False), a.get("paired", False))
                   for a in said if a["say"] == "response"]
        assert answers == [("switch_lamp", "0x02", "write", "lamp 7", False, True), ("read_state", "0x01", "read", "lamp 9", True, True),
                           ("", "0x55", "none", "lamp 9", True, True)], answers
        assert "Lamp control" in (tree / "docs/protocols.md").read_text(), "no row in docs/protocols.md"


if __name__ == "__main__":
    main()
