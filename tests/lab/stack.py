# OsecT itself in the lab: database and cloud in one namespace, the sensor in another, the slow link between them.
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time

import network

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CLOUD_ADDRESS = "198.51.100.2"
HTTP = "http://127.0.0.1:8080"


class Stack:
    """Programs from build/<preset>. Everything lives in one folder that is removed at the end."""

    def __init__(self, lab, preset="dev"):
        self.lab = lab
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="osect-lab.", dir="/tmp"))
        self.folder.chmod(0o711)  # the user postgres passes through to its own folder
        build = ROOT / "build" / preset
        self.sensor, self.cloud = (next(p for p in build.glob("**/" + name) if p.is_file())
                                   for name in ("osect-sensor", "osect-cloud"))

    def up(self, **link):
        network.make_namespace(network.CLOUD, has_ipv6=False)
        self.lab.slow_link(f"{network.SENSOR}:wan0:198.51.100.1/30",
                           f"{network.CLOUD}:wan0:{CLOUD_ADDRESS}/30", **link)
        database = self.folder / "postgres"
        self.start_database()
        subprocess.run(["createdb", "-h", database, "-U", "osect", "osect"], check=True)
        (self.folder / "cloud").mkdir()
        (self.folder / "cloud.toml").write_text(f"""
[database]
connection = "host={database} dbname=osect"
[state]
directory = "{self.folder}/cloud"
[node]
names = ["{CLOUD_ADDRESS}"]
[http]
web_root = "{ROOT}/tests/lab"
""")
        self._cloud("migrate")
        (self.folder / "password").write_text("lab-password-of-one-run\n")
        self._admin("init", "--organization", "Lab", "--site", "Factory", "--time-zone", "Asia/Tokyo",
                    "--password-file", self.folder / "password")
        code = self._admin("sensor", "add", "--organization", "Lab", "--site", "Factory", "--name", "Lab sensor").strip()
        self.start_cloud()
        self._enroll(code)

    def start_cloud(self):
        self.cloud_process = self.lab.processes.start(
            network.CLOUD, "cloud", [self.cloud, "serve", "--config", self.folder / "cloud.toml"])
        self._wait_for_cloud()

    def crash_cloud(self):
        self.cloud_process.kill()
        self.cloud_process.wait()

    def crash_database(self):
        """As a power cut would: what was committed is in its log, and nothing else is."""
        pid = int((self.folder / "postgres/data/postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        while pathlib.Path(f"/proc/{pid}").exists():
            time.sleep(0.02)

    def start_database(self):
        subprocess.run([ROOT / "deploy" / "postgres", "start", self.folder / "postgres"], check=True)

    def recorded(self):
        """Packets and bytes of all conversations, from the minutes as they were committed."""
        answer = subprocess.run(
            ["psql", "-qAt", "-h", self.folder / "postgres", "-U", "osect", "osect", "-c",
             "select sum(packets_up + packets_down), sum(bytes_up + bytes_down) from traffic_minute"],
            check=True, capture_output=True, text=True)
        return tuple(int(number or 0) for number in answer.stdout.strip().split("|"))

    def revoke_sensor(self):
        self._admin("sensor", "revoke", "Lab sensor", "--organization", "Lab")

    def start_replay(self, capture):
        return self.lab.processes.start(network.SENSOR, "replay", [
            self.sensor, "replay", capture, "--cloud", f"{CLOUD_ADDRESS}:8443", "--state", self.folder / "sensor",
            "--pace", "fast", "--rebase", "now"])

    def log(self, name):
        return (self.lab.state / f"{name}.log").read_text()

    def start_sensor(self):
        (self.folder / "sensor.toml").write_text(f"""
state_directory = "{self.folder}/sensor"
[capture]
ports = ["{network.MIRROR}"]
[uplink]
cloud = "{CLOUD_ADDRESS}:8443"
""")
        return self.lab.processes.start(network.SENSOR, "sensor",
                                        [self.sensor, "run", "--config", self.folder / "sensor.toml"])

    def ask(self, *paths):
        answer = subprocess.run(
            ["ip", "netns", "exec", network.CLOUD, "/usr/bin/python3", HERE / "ask.py", HTTP, "admin",
             self.folder / "password", *paths], check=True, capture_output=True, text=True)
        return [json.loads(line) for line in answer.stdout.splitlines()]

    def down(self):
        self.lab.processes.stop_all()
        subprocess.run([ROOT / "deploy" / "postgres", "stop", self.folder / "postgres"], check=True)
        subprocess.run(["rm", "-rf", self.folder], check=True)

    def _cloud(self, *words):
        result = subprocess.run([self.cloud, words[0], "--config", self.folder / "cloud.toml", *words[1:]],
                                capture_output=True, text=True)
        if result.returncode:
            raise RuntimeError(f"osect-cloud {' '.join(map(str, words))}: {result.stderr.strip()}")
        return result.stdout

    def _admin(self, *words):
        return self._cloud("admin", *words)

    def _enroll(self, code):
        result = subprocess.run(
            ["ip", "netns", "exec", network.SENSOR, self.sensor, "enroll", "--cloud", f"{CLOUD_ADDRESS}:8444",
             "--code", code, "--state", self.folder / "sensor"], capture_output=True, text=True)
        if result.returncode:
            raise RuntimeError(f"the sensor was not enrolled: {result.stderr.strip()}")

    def _wait_for_cloud(self):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            probe = subprocess.run(["ip", "netns", "exec", network.CLOUD, "curl", "-s", "-o", "/dev/null", HTTP + "/"])
            if probe.returncode == 0:
                return
            time.sleep(0.2)
        raise RuntimeError("the cloud does not answer")
