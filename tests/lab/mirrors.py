# Mirrors that are set up wrongly on purpose: `osect-sensor check` must say of each what is wrong, and of a right one nothing.
import subprocess
import time

import network
from stack import ROOT

LEFT, RIGHT = network.PREFIX + "left", network.PREFIX + "right"
STATIONS = {LEFT: ("02:00:00:00:01:01", 1), RIGHT: ("02:00:00:00:01:02", 2)}
ECHO = """
import socket, threading
server = socket.create_server(('10.0.1.2', 502))
def answer(peer):
    while (request := peer.recv(4096)):
        peer.sendall(request)
while True:
    threading.Thread(target=answer, args=(server.accept()[0],), daemon=True).start()
"""
# Over a second or so: a burst would be gone before a narrow mirror has let enough of it through to be judged.
ASK = """
import socket, time
for _ in range(8):
    with socket.create_connection(('10.0.1.2', 502)) as peer:
        for _ in range(25):
            peer.sendall(bytes(400))
            peer.recv(4096)
            time.sleep(0.004)
"""
SHOUT = """
import socket
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
out.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
for _ in range(80):
    out.sendto(b'hello', ('10.0.1.255', 9999))
"""


def python(namespace, script):
    return ["ip", "netns", "exec", namespace, "python3", "-c", script]


def checked(talk):
    """What the doctor says while `talk` goes on."""
    sensor = next(path for path in (ROOT / "build" / "dev").glob("**/osect-sensor") if path.is_file())
    doctor = subprocess.Popen(["ip", "netns", "exec", network.SENSOR, sensor, "check", "--port", network.MIRROR,
                               "--seconds", "2"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    time.sleep(0.4)
    talk()
    return doctor.communicate(timeout=30)[0]


def talk():
    subprocess.run(python(LEFT, ASK), check=True, timeout=20)


def shout():
    subprocess.run(python(LEFT, SHOUT), check=True, timeout=20)


def two_networks():
    talk()
    for net in (1, 7):
        for namespace in STATIONS:
            network.inside(namespace, "ip neigh flush all")
        network.inside(LEFT, f"ping -q -c 1 -W 1 10.0.{net}.2", stdout=subprocess.DEVNULL)


def mirrors(lab):
    """The doctor knows a right mirror from silence, broadcasts, one direction, copies, missing tags and losses."""
    names = [network.SWITCH, network.SENSOR, *STATIONS]
    network.remove_namespaces(names)
    echo = None
    try:
        network.make_switch()
        for namespace, (mac, number) in STATIONS.items():
            network.make_namespace(namespace, has_ipv6=False)
            network.plug(namespace, number, mac)
            for net in (1, 7):
                network.inside(namespace, f"ip address add 10.0.{net}.{number}/24 brd + dev eth0")
        echo = subprocess.Popen(python(RIGHT, ECHO))
        time.sleep(0.3)
        said = {}
        network.mirror(["port1", "port2"])
        said["right"] = checked(talk)
        said["networks"] = checked(two_networks)
        network.mirror(["port1"])
        said["one way"] = checked(talk)
        network.mirror(["port1", "port2"], directions=("ingress", "egress"))
        said["copies"] = checked(talk)
        network.mirror(["port1", "port2"])
        network.inside(network.SWITCH, "tc qdisc replace dev mirror root tbf rate 400kbit burst 3000 limit 4000")
        said["losses"] = checked(talk)
        network.inside(network.SWITCH, "tc qdisc del dev mirror root")
        network.mirror([])
        said["silence"] = checked(talk)
        network.inside(network.SWITCH, "ip link set mirror master lan")
        said["broadcasts"] = checked(shout)
        expected = {
            "right": "Nothing is wrong with the mirror",
            "networks": "stations of 2 networks are seen without any",
            "one way": "Only one direction",
            "copies": "Frames arrive twice",
            "losses": "The mirror loses traffic",
            "silence": "No frame arrived at all",
            "broadcasts": "Only broadcasts and multicasts arrived",
        }
        for case, words in expected.items():
            assert words in said[case], f"{case}: {said[case]}"
            assert said[case].count("\n- ") <= 1, f"{case}: more than one finding: {said[case]}"
        sent = network.transmitted(network.SENSOR, network.MIRROR)
        assert sent == 0, f"the doctor sent {sent} frames"
    finally:
        if echo is not None:
            echo.kill()
            echo.wait()
        network.remove_namespaces(names)
