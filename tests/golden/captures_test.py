#!/usr/bin/env python3
# Holds the dissectors against what tshark saw in captures of others, where those lie beside the project; else skipped (77).
"""captures_test.py SENSOR: operations per client, server and code (none where tshark sees none) of every protocol that has a
golden folder, and the identities they state, for every capture of ../shared/captures. What differs on purpose stands in
<protocol>/known_others.txt, with why."""
import collections
import glob
import ipaddress
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
CAPTURES = os.path.join(HERE, "..", "..", "..", "shared", "captures")
SKIPPED = 77
PROTOCOLS = {name for name in os.listdir(HERE) if os.path.exists(os.path.join(HERE, name, "captures.py"))}
# The truth's word for a protocol, where it is not the product's.
TRUTH_NAMES = {"ams": "ads", "cipio": "cip_io", "ecat": "ethercat", "epl": "powerlink", "knxip": "knxnetip", "omron": "fins", "ntlm": "smb", "s7": "s7comm",
               "smb2": "smb", "synphasor": "synchrophasor"}
# Counted as messages, not as requests.
ONE_WAY = {"cip_io", "goose", "pn_rt", "powerlink", "sv"}
# Where tshark sees none of these, the sensor must see none either.
ALWAYS_JUDGED = {"modbus", "enip", "cip", "cip_io", "pccc", "s7comm", "s7comm_plus", "pn_dcp", "pn_rt"}
# The truth does not look at their outcomes.
NO_ERRORS = {"knxnetip", "mqtt", "s7comm"}
# Of which a fact holds the meaning: versions as two integers, a name as hexadecimal digits.
NO_TEXT = {"lldp.chassis.id", "s7comm.szl.xy11.0001.ausbg", "s7comm.szl.xy11.0001.ausbe"}
# People and what proves them: never kept (docs/adding-a-protocol.md).
NEVER_KEPT = {"ntlmssp.auth.username", "snmp.community", "sysContact"}
# tshark's word for an empty text.
EMPTY = "null"
# Their truth names the outer addresses of what is inside, or does not look inside.
TUNNELS = {"gre", "erspan", "vxlan", "gtp", "teredo", "6in4", "l2tp", "pppoes", "geneve", "ayiya"}


def known_differences():
    """Lines "<capture>: <difference>"; a line that begins with # says why for those below it."""
    known = set()
    for path in glob.glob(os.path.join(HERE, "*", "known_others.txt")):
        with open(path, encoding="utf-8") as f:
            known |= {line.rstrip("\n") for line in f if line.strip() and not line.startswith("#")}
    return known


def norm(address):
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return address.lower()


def operations(truth, records):
    want, got = {}, collections.defaultdict(lambda: [0, 0])
    for name, rows in truth.get("ot", {}).items():
        protocol = TRUTH_NAMES.get(name, name)
        if protocol not in PROTOCOLS:
            continue
        for row in rows:
            count = row["req"] + row["rsp"] if protocol in ONE_WAY else row["req"] or row["rsp"]
            want[protocol, norm(row["client"]), norm(row["server"]), str(row["op"])] = [count, row["err"]]
    judged = {key[0] for key in want} | ALWAYS_JUDGED
    for record in records:
        if record["record"] == "operation" and record["protocol"] in judged:
            ends = [norm(e["ip"] or e["mac"]) if isinstance(e, dict) else norm(e) for e in (record["client"], record["server"])]
            row = got[record["protocol"], ends[0], ends[1], record["code"]]
            row[0] += record["count"]
            row[1] += record["errors"] if record["protocol"] not in NO_ERRORS else 0
    for key in sorted(set(want) | set(got)):
        if want.get(key, [0, 0]) != got.get(key, [0, 0]):
            yield (f"{key[0]} {key[1]} -> {key[2]} code {key[3]}: "
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
        if TRUTH_NAMES.get(row["source"], row["source"]) not in PROTOCOLS or not keys or len(value) < 3 or \
                row["field"] in NO_TEXT | NEVER_KEPT or value == EMPTY:
            continue
        if not any(value in x or x in value for key in keys for x in values[key] if len(x) > 2):
            yield f"{keys[0]} {row['field']} {row['value']!r:.60}"


def differences(sensor, name, truth):
    run = subprocess.run([sensor, "analyze", "--format", "jsonl", os.path.join(CAPTURES, name)],
                         capture_output=True, text=True, check=False)
    if run.returncode not in (0, 2):
        return [f"{name}: the sensor ended with status {run.returncode}: {run.stderr[:200]}"]
    records = [json.loads(line) for line in run.stdout.splitlines()]
    return [f"{name}: {text}" for text in [*operations(truth, records), *identities(truth, records)]]


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
    known = known_differences()
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda item: differences(sys.argv[1], *item), work))
    found = dict.fromkeys(text for result in results for text in result)
    wrong = [text for text in found if text not in known]
    wrong += [f"is explained, and no longer there: {text}" for text in sorted(known - found.keys())]
    print("\n".join(wrong))
    print(f"{len(work)} captures, {len(wrong)} differences that are not explained")
    return 1 if wrong or not work else 0


if __name__ == "__main__":
    sys.exit(main())
