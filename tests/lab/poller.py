# A Modbus/TCP client of the lab (pymodbus): reads again and again as an operator panel does, writes now and then.
import argparse
import random
import time

from pymodbus.client import ModbusTcpClient
from pymodbus.mei_message import ReadDeviceInformationRequest

READS = {"holding": "read_holding_registers", "input": "read_input_registers", "coils": "read_coils",
         "discrete": "read_discrete_inputs"}


def poll(client, options, chance):
    if options.identify:
        client.execute(ReadDeviceInformationRequest(1, 0, slave=1))
    next_write = time.monotonic() + options.write_every * chance.uniform(0.3, 1.0)
    while True:
        for read in options.read:
            table, start, count = read.split(":")
            reply = getattr(client, READS[table])(int(start), int(count), slave=1)
            if not hasattr(reply, "function_code"):
                return  # the connection broke; a new one follows
        if options.write_every and time.monotonic() > next_write:
            client.write_register(50, chance.randrange(1000), slave=1)
            client.write_coil(5, chance.random() < 0.5, slave=1)
            next_write = time.monotonic() + options.write_every
        time.sleep(options.every)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("target")
    parser.add_argument("--every", type=float, required=True)
    parser.add_argument("--read", action="append", default=[])
    parser.add_argument("--write-every", type=float, default=0)
    parser.add_argument("--identify", action="store_true")
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    while True:
        client = ModbusTcpClient(options.target, port=502, timeout=3)
        if client.connect():
            poll(client, options, chance)
            client.close()
        time.sleep(2)


main()
