#!/usr/bin/env python3
# Holds the dissectors against what tshark saw in captures of others, where those lie beside the project; else skipped (77).
"""captures_test.py SENSOR: Modbus operations per client, server and code (none where tshark sees none), and the identities
that the listed protocols state, of every capture of ../shared/captures. What differs on purpose stands in KNOWN, with why."""
import collections
import ipaddress
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

CAPTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "shared", "captures")
SKIPPED = 77
SOURCES = {"dhcp", "dhcpv6", "http", "llmnr", "mdns", "modbus", "nbns", "tls"}
# Their truth names the outer addresses of what is inside, or does not look inside.
TUNNELS = {"gre", "erspan", "vxlan", "gtp", "teredo", "6in4", "l2tp", "pppoes", "geneve", "ayiya"}
KNOWN = {
    # A retransmission that carries more than the segment it repeats: RFC 9293 clause 3.10.7.4 takes the new part, tshark drops all.
    "factory/iti_mb2.pcap: modbus 141.81.0.10 -> 141.81.0.86 code 4: tshark [6, 0], sensor [10, 0]",
    # Exceptions without a request on the capture: an exchange all the same, which the truth counts as none.
    "modbus/iti_MODBUS-TestDataPart1.pcap: modbus 10.0.0.57 -> 10.0.0.8 code 1: tshark [0, 10], sensor [10, 10]",
    # Most requests are lost on this capture: three answers are three exchanges, two requests would be two.
    "modbus/iti_fuzz-1011.pcap: modbus 10.1.1.234 -> 10.10.5.104 code 4: tshark [2, 0], sensor [3, 0]",
    # QUIC and DTLS are not TLS over TCP; the FTP server says more lines before AUTH TLS than a flow is listened to.
    "it-linktypes/zeek_ppp_quic-interop-retry.pcap: *",
    "it-rdp-rfb/zeek_rdp_rdpeudp2-handshake-success.pcap: *",
    "it-ftp-telnet/zeek_ftp_ftp-auth-tls.pcap: *",
    # Random bytes and sequence numbers on purpose: tshark reads segments that are not part of the stream.
    "modbus/iti_fuzz-72.pcap: *",
}


def norm(address):
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return address.lower()


def operations(truth, records):
    want, got = {}, collections.defaultdict(lambda: [0, 0])
    for row in truth.get("ot", {}).get("modbus", []):
        want[norm(row["client"]), norm(row["server"]), str(row["op"])] = [row["req"] or row["rsp"], row["err"]]
    for record in records:
        if record["record"] == "operation" and record["protocol"] == "modbus":
            ends = [norm(e["ip"] or e["mac"]) if isinstance(e, dict) else norm(e) for e in (record["client"], record["server"])]
            row = got[ends[0], ends[1], record["code"]]
            row[0] += record["count"]
            row[1] += record["errors"]
    for key in sorted(set(want) | set(got)):
        if want.get(key, [0, 0]) != got.get(key, [0, 0]):
            yield (f"modbus {key[0]} -> {key[1]} code {key[2]}: "
                   f"tshark {want.get(key, [0, 0])}, sensor {got.get(key, [0, 0])}")


def identities(truth, records):
    values = collections.defaultdict(list)
    for record in records:
        if record["record"] == "fact":
            for key in (record["subject"].get("ip"), record["subject"].get("mac")):
                if key:
                    values[norm(key)].append(record["value"].lower())
    for row in truth.get("identity", []):
        value = str(row["value"]).strip().lower()
        keys = [norm(row[k]) for k in ("ip", "mac") if row.get(k)]
        if row["source"] not in SOURCES or not keys or len(value) < 3:
            continue
        if not any(value in x or x in value for key in keys for x in values[key] if len(x) > 2):
            yield f"{keys[0]} {row['field']} {row['value']!r:.60}"


def check(sensor, name, truth):
    run = subprocess.run([sensor, "analyze", "--format", "jsonl", os.path.join(CAPTURES, name)],
                         capture_output=True, text=True, check=False)
    if run.returncode not in (0, 2):
        return [f"{name}: the sensor ended with status {run.returncode}: {run.stderr[:200]}"]
    records = [json.loads(line) for line in run.stdout.splitlines()]
    found = list(operations(truth, records)) + list(identities(truth, records))
    return [f"{name}: {text}" for text in found if f"{name}: *" not in KNOWN and f"{name}: {text}" not in KNOWN]


def truths():
    root = os.path.join(CAPTURES, "truth")
    for folder, _, files in os.walk(root):
        for file in sorted(files):
            with open(os.path.join(folder, file), encoding="utf-8") as f:
                truth = json.load(f)
            if not TUNNELS & set(truth.get("protocols", {})):
                yield os.path.relpath(os.path.join(folder, file), root)[:-len(".json")], truth


def main():
    if not os.path.isdir(os.path.join(CAPTURES, "truth")):
        print("no captures of others beside the project")
        return SKIPPED
    work = list(truths())
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda item: check(sys.argv[1], *item), work))
    wrong = [text for result in results for text in result]
    print("\n".join(wrong))
    print(f"{len(work)} captures, {len(wrong)} differences that are not explained")
    return 1 if wrong or not work else 0


if __name__ == "__main__":
    sys.exit(main())
