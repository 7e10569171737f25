# Truth from outside: protocol stacks of other people talk over the lab's switch, their scripts say what they did, and the
# sensor must read the same out of the mirror port's traffic.
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

import network

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FOLDER = HERE / "stacks"
STACKS = ("modbus", "mqtt", "bacnet", "opcua", "fins", "ads", "mc", "s7", "enip", "knx")
ENDS = {"server": ("192.168.30.10", "02:00:00:00:30:10"), "client": ("192.168.30.20", "02:00:00:00:30:20")}
# In these, whoever opened the session is the client of all that is said in it.
SESSIONS = ("mqtt", "opcua", "knxnetip", "knx")
STARTING_S, SAYING_S = 30, 30


# How npm names a registry that cannot be reached.
UNREACHABLE = re.compile(r"\b(?:EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|"
                         r"ERR_SOCKET_TIMEOUT)\b")


class Skipped(Exception):
    """A scenario could not be played here; the text says why."""


def install():
    """The stacks exactly as locked, unless that was done already; no script of a package runs. Returns Node.js."""
    lock, stamp = (FOLDER / "package-lock.json").read_bytes(), FOLDER / "node_modules" / ".installed-lock"
    node = pathlib.Path(_of_npm([ROOT / "deploy" / "node"], os.environ))
    if not stamp.exists() or stamp.read_bytes() != lock:
        _of_npm([node / "npm", "ci", "--ignore-scripts", "--omit=optional", "--fetch-retries=1", "--fetch-timeout=20000"],
                {**os.environ, "PATH": f"{node}:{os.environ['PATH']}"})
        stamp.write_bytes(lock)
    return node / "node"


def _of_npm(argv, environment):
    result = subprocess.run(argv, cwd=FOLDER, capture_output=True, text=True, env=environment)
    if result.returncode and UNREACHABLE.search(result.stderr):
        raise Skipped("npm's registry cannot be reached, so the stacks cannot be installed")
    assert result.returncode == 0, f"{argv[0]} failed: {result.stderr[-800:]}"
    return result.stdout.strip()


class Talk:
    """Two machines on the switch, a recorder at the mirror port."""

    def __init__(self, lab, node, folder):
        self.lab, self.node, self.folder = lab, node, folder
        self.capture = folder / "stacks.pcap"

    def up(self):
        self.lab.state.mkdir(parents=True, exist_ok=True)
        network.make_switch()
        for number, (name, (ip, mac)) in enumerate(ENDS.items()):
            network.make_namespace(_namespace(name), has_ipv6=False)
            network.plug(_namespace(name), number, mac)
            network.inside(_namespace(name), f"ip address add {ip}/24 dev eth0")
            network.inside(_namespace(name), "ip route add 224.0.0.0/4 dev eth0")  # knxd answers to a group
        network.mirror([f"port{number}" for number in range(len(ENDS))])
        recorder = self.lab.processes.start(network.SENSOR, "recorder", [
            "tcpdump", "-q", "-n", "-U", "--immediate-mode", "-Z", "root", "-i", network.MIRROR, "-w", self.capture])
        _wait(lambda: self.capture.exists() and self.capture.stat().st_size >= 24, 10, "tcpdump does not record")
        return recorder

    def hold(self):
        """Every stack's both ends; returns the operations and facts that their scripts told."""
        for name in STACKS:
            self.lab.processes.start(_namespace("server"), f"{name}-server", self._argv(name, "server"))
        said = []
        for name in STACKS:
            _wait(lambda: '"ready"' in self._log(f"{name}-server"), STARTING_S,
                  lambda: f"{name}'s server does not start: {self._log(f'{name}-server')[-500:]}")
            process = self.lab.processes.start(_namespace("client"), f"{name}-client", self._argv(name, "client"))
            if process.wait(timeout=SAYING_S):
                raise AssertionError(f"{name}'s client failed: {self._log(f'{name}-client')[-800:]}")
            said += [json.loads(line) for line in self._log(f"{name}-client").splitlines() if line.startswith('{"record"')]
        return said

    def wait_for_the_last_frames(self):
        """A recorder on a busy machine is behind what the switch has mirrored."""
        size = -1
        while size != (size := self.capture.stat().st_size):
            time.sleep(1)

    def _argv(self, name, role):
        # Keys that a stack makes for itself go where the lab's other files go.
        return ["env", f"HOME={self.folder}", self.node, FOLDER / f"{name}.mjs", role, ENDS["server"][0], ENDS["client"][0]]

    def _log(self, name):
        file = self.lab.state / f"{name}.log"
        return file.read_text() if file.exists() else ""

    def down(self):
        self.lab.processes.stop_all()
        network.remove_namespaces([*map(_namespace, ENDS), network.SWITCH, network.SENSOR])


def _namespace(end):
    return f"{network.PREFIX}stack-{end}"


def _wait(is_done, seconds, why_not):
    deadline = time.monotonic() + seconds
    while not is_done():
        assert time.monotonic() < deadline, why_not if isinstance(why_not, str) else why_not()
        time.sleep(0.1)


def stacks(lab):
    """What other people's protocol stacks did is what the sensor reads: operations, their counts and errors, identities."""
    node = install()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="osect-stacks.", dir="/tmp"))
    talk = Talk(lab, node, folder)
    try:
        talk.down()
        recorder = talk.up()
        said = talk.hold()
        talk.wait_for_the_last_frames()
        recorder.terminate()
        recorder.wait()
        found = differences(said, read(talk.capture))
        assert not found, "\n  ".join(["the sensor reads otherwise than the stacks say:", *found])
        print(f"  read as said: {sum(row['record'] == 'operation' for row in said)} operations, "
              f"{sum(row['record'] == 'fact' for row in said)} facts of {', '.join(STACKS)}")
    finally:
        talk.down()
        shutil.rmtree(folder)


def read(capture):
    sensor = next(p for p in (ROOT / "build" / "dev").glob("**/osect-sensor") if p.is_file())
    answer = subprocess.run([sensor, "analyze", capture, "--format", "jsonl"], check=True, capture_output=True, text=True)
    return [json.loads(line) for line in answer.stdout.splitlines()]


def differences(said, rows):
    """Sentences; none when the sensor's rows are what the scripts said."""
    ip = {end: address for end, (address, _) in ENDS.items()}
    wanted = {}
    # The client's rows come first; an answer of the same code (MQTT's publish goes both ways) is no operation of its own.
    for row in sorted((row for row in said if row["record"] == "operation"), key=lambda row: row["from"]):
        opener = "client" if row["protocol"] in SESSIONS else row["from"]
        other = "server" if opener == "client" else "client"
        wanted.setdefault((row["protocol"], ip[opener], ip[other], row["code"]), [row["count"], row["errors"]])
    got = collections.defaultdict(lambda: [0, 0])
    facts = collections.defaultdict(set)
    for row in rows:
        if row["record"] == "operation":
            key = row["protocol"], row["client"], row["server"], row["code"]
            got[key] = [got[key][0] + row["count"], got[key][1] + row.get("errors", 0)]
        elif row["record"] == "fact":
            facts[row["subject"].get("ip"), row["attribute"]].add(row["value"])
    found = [f"{' '.join(key)}: said {wanted.get(key, 'nothing')}, read {got.get(key, 'nothing')} [count, errors]"
             for key in sorted({*wanted, *got}) if wanted.get(key) != got.get(key)]
    for row in said:
        if row["record"] == "fact" and row["value"] not in facts[ip[row["of"]], row["attribute"]]:
            found.append(f"{ip[row['of']]} {row['attribute']}: said {row['value']!r}, "
                         f"read {sorted(facts[ip[row['of']], row['attribute']])}")
    return found
