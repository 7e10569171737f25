#!/usr/bin/env python3
"""Holds `osect-sensor analyze` against tshark on unusual.py's captures: packets, hosts, conversations, openers.

    tshark_test.py SENSOR [CASE ...]

tshark names every address and port of every packet, also of packets inside packets; per direction between two addresses
and per transport the sensor must have as many packets (and bytes, where nothing is inside anything), and whom tshark sees
open a connection must be the client. Where tshark is not the measure, KNOWN says why. Exit status 77 where there is no tshark.
"""
import collections
import ipaddress
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

from unusual import CASES

SKIPPED = 77
TRANSPORTS = ("tcp", "udp", "sctp", "icmp", "icmpv6")
NUMBERS = {"6": "tcp", "17": "udp", "132": "sctp"}
# case -> differences that stay, each with the clause that says why.
KNOWN = {
    # A custom block and one of an unknown type are no packets (draft-ietf-opsawg-pcapng, 4.7 and 4); tshark counts one.
    "pcapng_blocks_in_between": ["packets: tshark 2, sensor 1"],
    # Bytes are the record's, the header of the device that captured included; tshark takes some such headers off.
    "link_ppp_direction": ["10.0.0.1 10.0.0.2 udp: tshark 80 bytes, sensor 82",
                           "2001:db8::1 2001:db8::2 udp: tshark 120 bytes, sensor 122"],
    "link_endace": ["10.0.0.1 10.0.0.2 udp: tshark 100 bytes, sensor 136"],
    # Behind preamble and start of frame stands the frame (IEEE 802.3, 99.3.2; tcpdump.org, LINKTYPE_NETANALYZER_TRANSPARENT).
    "link_net_analyzer_transparent": ["10.0.0.1 10.0.0.2 udp: tshark 0 packets, sensor 2", "host 10.0.0.1: only the sensor has it",
                                      "host 10.0.0.2: only the sensor has it"],
    "link_mpacket": ["10.0.0.1 10.0.0.2 udp: tshark 0 packets, sensor 2", "host 10.0.0.1: only the sensor has it",
                     "host 10.0.0.2: only the sensor has it"],
    # A pseudowire's control word begins with four zero bits (RFC 4385, 3); tshark would have to be told.
    "ethernet_mpls": ["10.0.0.3 10.0.0.4 udp: tshark 0 packets, sensor 1", "host 10.0.0.3: only the sensor has it",
                      "host 10.0.0.4: only the sensor has it"],
    # Flags and reserved bits of these headers are not as RFC 7348, 5 and the length of RFC 4380, 5.1.1 have them: plain text.
    "tunnel_on_its_port_only": ["host 6561:6465:7220:6f66:2061:6e79:2074:756e: only tshark has it",
                                "host 6578:7420:7468:6174:2069:7320:6e6f:2068: only tshark has it"],
    # Both ends send a SYN, and it is one connection (RFC 9293, 3.5, figure 8): the first of them counts as its opener.
    "tcp_simultaneous_open": ["10.0.0.2 opened 10.0.0.1 16000: the sensor does not say so"],
}


def norm(address):
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return address.lower()


def is_station(address):
    a = ipaddress.ip_address(address)
    return not (a.is_multicast or a.is_unspecified or str(a) == "255.255.255.255")


def field(layer, name):
    found = layer.find(f".//field[@name='{name}']")
    return None if found is None else found.get("show")


def is_fragment(layer, name):
    if name == "ip":
        return field(layer, "ip.flags.mf") in ("1", "True") or int(field(layer, "ip.frag_offset") or 0) > 0
    more = field(layer, "ipv6.fraghdr.more")
    return more in ("1", "True") or int(field(layer, "ipv6.fraghdr.offset") or 0) > 0


class Seen:
    """What one of the two says about a capture."""

    def __init__(self):
        self.packets = 0
        self.hosts = set()
        self.counts = collections.Counter()     # (source, destination, transport) -> packets
        self.bytes = collections.Counter()      # the same -> bytes
        self.openers = set()                    # (client, server, port) of TCP
        self.has_tunnel = False


def by_tshark(path):
    run = subprocess.run(["tshark", "-n", "-r", path, "-T", "pdml", "-o", "tcp.analyze_sequence_numbers:FALSE"],
                         capture_output=True, check=False)
    seen = Seen()
    if not run.stdout:
        return None
    for packet in ElementTree.fromstring(run.stdout).iter("packet"):
        seen.packets += 1
        length, depth, addresses, transport = 0, 0, None, None
        def end_layer():
            """An IP packet whose transport tshark does not show for want of bytes still says which it is."""
            if addresses and transport:
                seen.counts[(*addresses, transport)] += 1
                seen.bytes[(*addresses, transport)] += length

        for layer in packet.findall("proto"):
            name = layer.get("name")
            if name == "frame":
                length = int(field(layer, "frame.len"))
            elif name in ("ip", "ipv6"):
                end_layer()
                depth += 1
                addresses = (norm(field(layer, name + ".src") or "::"), norm(field(layer, name + ".dst") or "::"))
                seen.hosts.update(filter(is_station, addresses))
                numbers = [field(layer, x) for x in ("ip.proto", "ipv6.fraghdr.nxt", "ipv6.nxt")]
                transport = NUMBERS.get(next(filter(None, numbers), None))
                if is_fragment(layer, name):
                    end_layer()
                    addresses = None
            elif name in TRANSPORTS and addresses:
                seen.counts[(*addresses, name)] += 1
                seen.bytes[(*addresses, name)] += length
                if name == "tcp" and int(field(layer, "tcp.flags") or "0", 0) & 0x12 == 2:
                    seen.openers.add((*addresses, int(field(layer, "tcp.dstport"))))
                addresses = None
                if name.startswith("icmp"):
                    break
        end_layer()
        seen.has_tunnel |= depth > 1
    return seen


def by_sensor(sensor, path):
    run = subprocess.run([sensor, "analyze", path], capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise RuntimeError(f"status {run.returncode}: {run.stderr}")
    seen = Seen()
    for record in map(json.loads, run.stdout.splitlines()):
        if record["record"] == "endpoint":
            seen.hosts.update(norm(address) for address in record["ips"])
        elif record["record"] == "conversation" and record["transport"] in TRANSPORTS:
            client, server = (norm(record[side].get("ip") or "?") for side in ("client", "server"))
            for i, pair in enumerate([(client, server), (server, client)]):
                seen.counts[(*pair, record["transport"])] += record["packets"][i]
                seen.bytes[(*pair, record["transport"])] += record["bytes"][i]
            if record["transport"] == "tcp":  # compared where tshark saw a SYN
                seen.openers.add((client, server, record["port"]))
        elif record["record"] == "summary":
            seen.packets = record["packets"]
            seen.last = record["duration_s"]
    return seen


def differences(want, got):
    if want is None:
        yield "tshark cannot read it"
        return
    if want.packets != got.packets:
        yield f"packets: tshark {want.packets}, sensor {got.packets}"
    for host in sorted(want.hosts ^ got.hosts):
        yield f"host {host}: only {'tshark' if host in want.hosts else 'the sensor'} has it"
    for key in sorted(set(want.counts) | set(got.counts)):
        if want.counts[key] != got.counts[key]:
            yield f"{' '.join(key)}: tshark {want.counts[key]} packets, sensor {got.counts[key]}"
        elif want.bytes[key] != got.bytes[key] and not want.has_tunnel:
            yield f"{' '.join(key)}: tshark {want.bytes[key]} bytes, sensor {got.bytes[key]}"
    for client, server, port in sorted(want.openers - got.openers):
        yield f"{client} opened {server} {port}: the sensor does not say so"


def main():
    if shutil.which("tshark") is None:
        print("skipped: tshark is not installed")
        sys.exit(SKIPPED)
    wrong = 0
    names = sys.argv[2:] or list(CASES)
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            path = pathlib.Path(folder) / name
            path.write_bytes(CASES[name]())
            known = KNOWN.get(name, [])
            try:
                found = set(differences(by_tshark(path), by_sensor(sys.argv[1], path)))
            except RuntimeError as error:
                found = {str(error)}
            for text in sorted(found - set(known)):
                print(f"{name}: {text}")
            for text in sorted(set(known) - found):
                print(f"{name}: gone, take it out of KNOWN: {text}")
            wrong += found != set(known)
    print(f"{len(names) - wrong} of {len(names)} captures as tshark has them")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
