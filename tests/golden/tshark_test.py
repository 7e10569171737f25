#!/usr/bin/env python3
# Holds the golden transcripts against tshark, an independent decoder; status 77 (skipped) where there is none.
"""For each golden capture: Modbus messages per direction and function code are as many as tshark counts, and what
tshark shows of names, fingerprints and software stands in a fact."""
import collections
import glob
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
# Fields of which every value must occur in a fact of the capture.
IDENTITY = {
    "dhcp": ["dhcp.option.hostname", "dhcp.option.vendor_class_id", "dhcp.ip.your"],
    "dhcpv6": ["dhcpv6.client_domain"],
    "http": ["http.user_agent", "http.server"],
    "ssdp": ["http.user_agent", "http.server"],
    "tls": ["tls.handshake.extensions_server_name", "tls.handshake.ja3", "tls.handshake.ja3s", "x509sat.uTF8String"],
    "nbns": ["nbns.netbios_name"],
    "mdns": ["dns.a", "dns.aaaa"],
    "modbus": ["modbus.object_str_value"],
}

# Where tshark reads less than the bytes say, and why.
KNOWN = {
    # packet-mbtcp.c refuses a first piece of fewer than eight bytes instead of waiting for the rest of the stream.
    ("modbus/stream.pcap", "modbus ('request', '192.168.10.10', '3'): tshark 4, transcript 5"),
}


def tshark(path, *fields, display=None):
    command = ["tshark", "-n", "-r", path, "-T", "fields", "-E", "separator=/t", "-E", "aggregator=\x1f"]
    if display:
        command += ["-Y", display]
    for field in fields:
        command += ["-e", field]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [[cell.split("\x1f") if cell else [] for cell in line.split("\t")] for line in out.splitlines()]


def transcript(path):
    with open(path[:-len(".pcap")] + ".jsonl", encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def modbus_counts(path):
    want = collections.Counter()
    for source, port, codes in tshark(path, "ip.src", "tcp.dstport", "modbus.func_code"):
        for code in codes:
            want["request" if port == ["502"] else "response", source[0], code] += 1
    got = collections.Counter()
    for line in transcript(path):
        if line["say"] in ("request", "response") and ("502" in (line["from"].split(":")[-1], line["to"].split(":")[-1])):
            got[line["say"], line["from"].split(":")[0], line["code"]] += 1
    return [f"modbus {key}: tshark {want[key]}, transcript {got[key]}" for key in sorted(set(want) | set(got)) if want[key] != got[key]]


def identity(path, fields):
    values = [str(line.get("value", "")).lower() for line in transcript(path)]
    values += [line["subject"]["ip"] for line in transcript(path) if "subject" in line]
    missing = []
    for row in tshark(path, *fields):
        for field, cell in zip(fields, row):
            for value in cell:
                value = value.strip().rstrip(".").lower()
                if value and value != "0.0.0.0" and not any(value in x for x in values):
                    missing.append(f"{field} {value!r} is in no fact")
    return missing


def main():
    if shutil.which("tshark") is None:
        print("tshark is not installed")
        return 77
    wrong = 0
    for path in sorted(glob.glob(os.path.join(HERE, "*", "*.pcap"))):
        protocol = os.path.basename(os.path.dirname(path))
        found = identity(path, IDENTITY[protocol]) if protocol in IDENTITY else []
        if protocol == "modbus":
            found += modbus_counts(path)
        found += [f"tshark finds frame {row[0][0]} malformed" for row in tshark(path, "frame.number", display="_ws.malformed")]
        for text in sorted(set(found)):
            if (os.path.relpath(path, HERE), text) in KNOWN:
                continue
            print(f"{os.path.relpath(path, HERE)}: {text}")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
