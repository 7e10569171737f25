# The lab's own tests: each scenario is a function that asserts what a user of the lab, or of OsecT, could notice.
import json
import pathlib
import random
import re
import struct
import subprocess
import tempfile
import time

import network
from mirrors import mirrors
from protocol_stacks import stacks
from silence import silent
from stack import ROOT, Stack

HERE = pathlib.Path(__file__).resolve().parent


def output(namespace, *argv, patience_s=60):
    return subprocess.run(["ip", "netns", "exec", namespace, *argv], capture_output=True, text=True,
                          timeout=patience_s).stdout


def link(lab):
    """The slow link delays, loses and throttles as asked, the same way for the same seed."""
    left, right = network.PREFIX + "left", network.PREFIX + "right"
    network.remove_namespaces([left, right])
    lab.state.mkdir(parents=True, exist_ok=True)
    try:
        for name in (left, right):
            network.make_namespace(name, has_ipv6=False)
        lab.slow_link(f"{left}:wan0:198.51.100.1/30", f"{right}:wan0:198.51.100.2/30", loss=5)
        pings = output(left, "ping", "-q", "-i", "0.05", "-c", "200", "198.51.100.2")
        mean_ms = float(re.search(r"= [\d.]+/([\d.]+)/", pings)[1])
        loss = float(re.search(r"([\d.]+)% packet loss", pings)[1])
        assert 158 < mean_ms < 200, f"80 ms each way, but a round trip took {mean_ms} ms"
        assert 4 < loss < 18, f"5 % lost each way, but {loss} % of the round trips failed"
        sender = "import socket,time;s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM);" \
                 "[(s.sendto(bytes(1000),('198.51.100.2',9)),time.sleep(.02)) for _ in range(200)]"
        before = time.monotonic()
        received = received_bytes(right)
        output(left, "/usr/bin/python3", "-c", sender)
        kbit = (received_bytes(right) - received) * 8 / 1000 / (time.monotonic() - before)
        assert 90 < kbit < 135, f"128 kbit/s asked for, {kbit:.0f} kbit/s measured"
    finally:
        lab.processes.stop_all()
        network.remove_namespaces([left, right])


def received_bytes(namespace):
    answer = output(namespace, "ip", "-j", "-s", "link", "show", "wan0")
    return json.loads(answer)[0]["stats64"]["rx"]["bytes"]


def mirror(lab):
    """The mirror port shows each machine, each frame once, and nothing is ever sent from it."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "mirror.pcap")
        lab.record(file, 25, before_down=assert_silent)
        frames = list(read_frames(file))
    present = [m for m in lab.factory["machine"] if "joins_after_s" not in m]
    sources = {frame[6:12].hex(":") for frame in frames}
    missing = [m["name"] for m in present if m["mac"] not in sources]
    assert not missing, f"the mirror port never showed {', '.join(missing)}"
    assert sources <= {m["mac"] for m in present}, f"unknown senders: {sources - {m['mac'] for m in present}}"
    # A TCP segment with data and its own timestamps is unique unless the switch copied it twice.
    segments = [frame for frame in frames if frame[12:14] == b"\x08\x00" and frame[23] == 6]
    assert len(segments) > 200, f"only {len(segments)} TCP segments in 25 s"
    assert len(set(segments)) == len(segments), "the mirror port showed frames twice"


def assert_silent():
    sent = network.transmitted(network.SENSOR, network.MIRROR)
    assert sent == 0, f"the sensor's monitor port sent {sent} frames"


def live(lab):
    """A sensor on the mirror port, a cloud behind the slow link: the devices in the API are the machines of the factory."""
    stack = Stack(lab)
    try:
        lab.wire()
        stack.up()
        stack.start_sensor()
        lab.start()
        present = [m for m in lab.factory["machine"] if "joins_after_s" not in m]
        wait_until(lambda: not differences(stack, present), 120, lambda: differences(stack, present))
        newcomer = next(m for m in lab.factory["machine"] if "joins_after_s" in m)
        lab.join(newcomer["name"])
        everyone = [*present, newcomer]
        wait_until(lambda: not differences(stack, everyone), 60, lambda: differences(stack, everyone))
        # Who was heard has not yet spoken: its first request comes after its first ARP.
        wait_until(lambda: not wrong_speakers(stack, everyone), 60, lambda: wrong_speakers(stack, everyone))
        assert_silent()
    finally:
        stack.down()


def outages(lab):
    """Cloud and database die again and again while a sensor sends, at any moment of a commit too: each packet counts once."""
    stack, capture = Stack(lab), ROOT / "deploy/quickstart-data/factory.pcap.gz"
    chance = random.Random(lab.machines.seed)
    try:
        lab.wire()
        stack.up()
        expected = told_by_analyze(stack, capture)
        for number, (crash, start) in enumerate(
                [(stack.crash_cloud, stack.start_cloud), (stack.crash_database, stack.start_database)], 1):
            replay = stack.start_replay(capture)
            for _ in range(6):
                time.sleep(chance.uniform(0.1, 1.5))
                crash()
                time.sleep(chance.uniform(0, 0.5))
                start()
            assert replay.wait(timeout=150) == 0, "the replay failed: " + stack.log("replay")[-500:]
            total = tuple(number * count for count in expected)
            assert stack.recorded() == total, f"packets, bytes: {stack.recorded()} recorded, {total} replayed"
        assert "Records are kept" in stack.log("replay"), "the sensor did not say that the cloud is away"
    finally:
        stack.down()


def told_by_analyze(stack, capture):
    answer = subprocess.run([stack.sensor, "analyze", capture, "--format", "jsonl"], check=True, capture_output=True)
    rows = [json.loads(line) for line in answer.stdout.splitlines()]
    rows = [row for row in rows if row["record"] == "conversation"]
    return tuple(sum(sum(row[what]) for row in rows) for what in ("packets", "bytes"))


def revoked(lab):
    """The cloud refuses a revoked sensor, which says so, goes on watching and keeps what it records."""
    stack = Stack(lab)
    try:
        lab.wire()
        stack.up()
        sensor = stack.start_sensor()
        lab.start()
        wait_until(lambda: local_devices(stack), 60, lambda: ["no device in the API"])
        stack.revoke_sensor()
        wait_until(lambda: "refuses this sensor" in stack.log("sensor"), 60, lambda: ["the sensor does not say so"])
        before, spool = stack.recorded(), stack.folder / "sensor/spool"
        kept = lambda: sum(file.stat().st_size for file in spool.iterdir())  # noqa: E731
        at_first = kept()
        wait_until(lambda: kept() > at_first, 90, lambda: ["nothing more is kept"])
        assert sensor.poll() is None, "the sensor ended"
        assert stack.recorded() == before, "the cloud took records of a revoked sensor"
    finally:
        stack.down()


def port_gone(lab):
    """A monitor port that goes away and comes back: the sensor stays, tells when it saw nothing, and sees again."""
    stack = Stack(lab)
    try:
        lab.wire()
        stack.up()
        sensor = stack.start_sensor()
        lab.start()
        wait_until(lambda: local_devices(stack), 60, lambda: ["no device in the API"])
        network.inside(network.SENSOR, f"ip link delete {network.MIRROR}")
        wait_until(lambda: "is gone and is waited for" in stack.log("sensor"), 10, lambda: ["the sensor does not notice"])
        network.make_mirror_port()
        lab.mirror()
        wait_until(lambda: f"{network.MIRROR} is back" in stack.log("sensor"), 10, lambda: ["the port is not opened again"])
        newcomer = next(m for m in lab.factory["machine"] if "joins_after_s" in m)
        lab.join(newcomer["name"])
        wait_until(lambda: any(newcomer["mac"] in device["macs"] for device in local_devices(stack)), 60,
                   lambda: ["who came after that is not seen"])
        assert sensor.poll() is None, "the sensor ended"
        sensors = stack.ask("/organizations/{organization}/sensors")[0]["items"]
        gaps = stack.ask(f"/organizations/{{organization}}/sensors/{sensors[0]['id']}")[0]["gaps"]
        assert "port_gone" in [gap["reason"] for gap in gaps], f"no gap was declared: {gaps}"
        assert "gap" in sensors[0]["problems"], f"health does not show it: {sensors[0]['problems']}"
        assert_silent()
    finally:
        stack.down()


def local_devices(stack):
    return [d for d in stack.ask("/organizations/{organization}/devices?limit=200")[0]["items"] if d["is_local"]]


def wait_until(is_done, seconds, why_not):
    deadline = time.monotonic() + seconds
    while not is_done():
        assert time.monotonic() < deadline, f"after {seconds} s: " + "; ".join(why_not())
        time.sleep(2)


def differences(stack, machines):
    """What the API's devices have otherwise than the factory: sentences, none when they are the same."""
    local = local_devices(stack)
    found = []
    for machine in machines:
        same = [device for device in local if machine["mac"] in device["macs"]]
        if len(same) != 1:
            found.append(f"{machine['name']} is {len(same)} devices")
        elif [ip for ip in same[0]["ips"] if ":" not in ip] != [machine["ip"]]:
            found.append(f"{machine['name']} has {same[0]['ips']}, not {machine['ip']}")
        elif same[0]["is_router"] != machine.get("router", False):
            found.append(f"{machine['name']} is wrongly {'' if same[0]['is_router'] else 'no '}router")
    known = {machine["mac"] for machine in machines}
    found += [f"nobody knows {device['macs']}" for device in local if not known & set(device["macs"])]
    return found


def wrong_speakers(stack, machines):
    """Who speaks Modbus is exactly who should; nobody is said to speak what it does not. Sentences, none when it is so."""
    conversations = stack.ask("/organizations/{organization}/conversations?limit=500")[0]["items"]
    spoken = {}
    for conversation in conversations:
        for side in ("client", "server"):
            spoken.setdefault(conversation[side]["id"], set()).add(conversation["protocol"])
    devices = stack.ask("/organizations/{organization}/devices?limit=200")[0]["items"]
    found = []
    for machine in machines:
        device = next(device["id"] for device in devices if machine["mac"] in device["macs"])
        has_modbus = "modbus" in spoken.get(device, set())
        if has_modbus != ("modbus" in machine["protocols"]):
            found.append(f"{machine['name']} {'speaks' if has_modbus else 'does not speak'} Modbus in the API")
    return found


def read_frames(file):
    data = file.read_bytes()
    at = 24
    while at + 16 <= len(data):
        length = struct.unpack_from("<I", data, at + 8)[0]
        yield data[at + 16:at + 16 + length]
        at += 16 + length


SCENARIOS = [link, silent, mirror, mirrors, live, outages, revoked, port_gone, stacks]
