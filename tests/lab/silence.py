# A monitor port cannot send: what deploy/packages/sensor/monitor-ports makes of an interface, seen from the cable's other end.
import json
import pathlib
import subprocess
import tempfile

import network
from stack import ROOT

# As the machine's own root, which is more than the sensor may: frames of every kind, straight onto the port.
SHOUT = f"""
import socket
port = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
port.bind(('{network.MIRROR}', 0))
for kind in (b'\\x08\\x06', b'\\x08\\x00', b'\\x86\\xdd', b'\\x88\\xcc'):
    for _ in range(25):
        try:
            port.send(b'\\xff' * 6 + b'\\x02' * 6 + kind + bytes(50))
        except OSError:
            pass
"""


def heard():
    """Frames that have come out of the other end of the monitor port's cable."""
    answer = subprocess.run(["ip", "netns", "exec", network.SWITCH, "ip", "-j", "-s", "link", "show", "mirror"],
                            check=True, capture_output=True, text=True)
    return json.loads(answer.stdout)[0]["stats64"]["rx"]["packets"]


def shout():
    before = heard()
    subprocess.run(["ip", "netns", "exec", network.SENSOR, "python3", "-c", SHOUT], check=True, timeout=20)
    return heard() - before


def monitor_ports(word, configuration):
    sensor = next(path for path in (ROOT / "build" / "dev").glob("**/osect-sensor") if path.is_file())
    return subprocess.run(
        ["ip", "netns", "exec", network.SENSOR, "env", f"PATH={sensor.parent}:/usr/sbin:/usr/bin:/sbin:/bin",
         ROOT / "deploy" / "packages" / "sensor" / "monitor-ports", word, configuration], capture_output=True, text=True)


def silent(lab):
    """Nothing leaves a monitor port that was made silent, whoever tries; the same port spoke before."""
    lab.down()
    lab.state.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        configuration = pathlib.Path(folder, "sensor.toml")
        configuration.write_text(f'[capture]\nports = ["{network.MIRROR}"]\n[uplink]\ncloud = "cloud:8443"\n')
        try:
            network.make_switch()
            assert shout() == 100, "this port should still send, or the rest proves nothing"
            answer = monitor_ports("up", configuration)
            assert answer.returncode == 0, answer.stderr
            assert shout() == 0, "frames left a port that was made silent"
            network.inside(network.SENSOR, f"ip link set {network.MIRROR} down")
            network.inside(network.SENSOR, f"ip link set {network.MIRROR} up")
            assert shout() == 0, "frames left after the link had gone and come"
            assert monitor_ports("up", configuration).returncode == 0, "a second time should change nothing"
            assert shout() == 0, "frames left after the rule was set again"
            assert monitor_ports("down", configuration).returncode == 0
            assert shout() == 100, "the rule outlives what set it"
            configuration.write_text('[capture]\nports = ["none0"]\n[uplink]\ncloud = "cloud:8443"\n')
            answer = monitor_ports("up", configuration)
            assert answer.returncode == 0 and "none0 is not there yet" in answer.stderr, answer.stderr
        finally:
            lab.down()
