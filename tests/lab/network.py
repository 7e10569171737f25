# The lab's wires: a namespace per machine, a bridge as the switch, its mirror port, and the processes that were started.
import json
import os
import pathlib
import signal
import subprocess
import time

PREFIX = "osect-"
SWITCH, SENSOR, CLOUD, OUTSIDE = PREFIX + "switch", PREFIX + "sensor", PREFIX + "cloud", PREFIX + "outside"
MIRROR = "mirror0"  # the sensor's monitor port; its other end is the switch's mirror port


def sh(command, **options):
    return subprocess.run(command.split(), check=True, **options)


def inside(namespace, command, **options):
    sh(f"ip netns exec {namespace} {command}", **options)


def make_namespace(name, has_ipv6):
    sh(f"ip netns add {name}")
    for setting in ("all", "default"):
        inside(name, f"sysctl -qw net.ipv6.conf.{setting}.disable_ipv6={0 if has_ipv6 else 1}")
    inside(name, "ip link set lo up")


def connect(namespace, interface, other, other_interface, mac=None):
    """A cable. Checksums and segmentation are done in software, so that the mirror shows frames as on a wire."""
    address = f" address {mac}" if mac else ""
    sh(f"ip link add {interface} netns {namespace}{address} type veth peer name {other_interface} netns {other}")
    for where, name in ((namespace, interface), (other, other_interface)):
        inside(where, f"ethtool -K {name} tx off tso off gso off gro off", stdout=subprocess.DEVNULL)
        inside(where, f"ip link set {name} up")


def make_switch():
    make_namespace(SWITCH, has_ipv6=False)
    inside(SWITCH, "ip link add lan type bridge stp_state 0 mcast_snooping 0")
    inside(SWITCH, "ip link set lan up")
    make_namespace(SENSOR, has_ipv6=False)
    make_mirror_port()


def make_mirror_port():
    sh(f"ip link add {MIRROR} netns {SENSOR} arp off type veth peer name mirror netns {SWITCH}")
    for where, name in ((SENSOR, MIRROR), (SWITCH, "mirror")):
        inside(where, f"ethtool -K {name} gro off")
        inside(where, f"ip link set {name} arp off up")


def plug(namespace, number, mac):
    """A machine's cable into port `number` of the switch."""
    connect(namespace, "eth0", SWITCH, f"port{number}", mac)
    inside(SWITCH, f"ip link set port{number} master lan")


def mirror(ports, directions=("ingress",)):
    """What enters (and leaves) these ports goes to the mirror port as well."""
    chains = "\n".join(
        f'chain {direction}_{port} {{ type filter hook {direction} device "{port}" priority 0; policy accept;\n'
        f'dup to "mirror"\n}}' for port in ports for direction in directions)
    subprocess.run(["ip", "netns", "exec", SWITCH, "nft", "-f", "-"], check=True, text=True,
                   input=f"flush ruleset\ntable netdev mirror {{\n{chains}\n}}\n")


def transmitted(namespace, interface):
    """Frames an interface has sent since it was made."""
    answer = subprocess.run(["ip", "netns", "exec", namespace, "ip", "-j", "-s", "link", "show", interface],
                            check=True, capture_output=True, text=True)
    return json.loads(answer.stdout)[0]["stats64"]["tx"]["packets"]


class Processes:
    """Programs started in namespaces; remembered in a file, so that `down` ends exactly these."""

    def __init__(self, state):
        self.folder = pathlib.Path(state)
        self.file = self.folder / "processes.json"

    def start(self, namespace, name, argv, mounts=()):
        """`mounts` are shell words of mount(8), made in a mount namespace of the process's own."""
        log = open(self.folder / f"{name}.log", "ab")
        script = "".join(f"mount {mount} && " for mount in mounts) + 'exec "$@"'
        process = subprocess.Popen(["ip", "netns", "exec", namespace, "sh", "-c", script, "sh", *map(str, argv)],
                                   stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
        self.remember(name, process.pid)
        return process

    def remember(self, name, pid):
        self.file.write_text(json.dumps([*self._read(), {"name": name, "pid": pid, "born": _born(pid)}]))

    def stop_all(self):
        entries = [entry for entry in self._read() if _born(entry["pid"]) == entry["born"]]
        for sign, patience_s in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 2.0)):
            for entry in entries:
                os.kill(entry["pid"], sign)
            deadline = time.monotonic() + patience_s
            while entries and time.monotonic() < deadline:
                _reap()
                entries = [entry for entry in entries if _born(entry["pid"]) == entry["born"]]
                time.sleep(0.05)
        self.file.unlink(missing_ok=True)

    def _read(self):
        return json.loads(self.file.read_text()) if self.file.exists() else []


def _born(pid):
    """When a process started, in clock ticks since boot: tells a process from a later one with the same number."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if stat[0] == "Z" else int(stat[19])


def _reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def remove_namespaces(names):
    existing = {entry["name"] for entry in json.loads(
        subprocess.run(["ip", "-j", "netns", "list"], check=True, capture_output=True, text=True).stdout or "[]")}
    for name in names:
        if name in existing:
            sh(f"ip netns delete {name}")
