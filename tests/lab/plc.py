# A controller of the lab: a Modbus/TCP server (pymodbus) with registers that change and a device identification.
import argparse
import asyncio
import math

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.device import ModbusDeviceIdentification
from pymodbus.server import StartAsyncTcpServer


async def run(options):
    block = lambda: ModbusSequentialDataBlock(0, [0] * 256)  # noqa: E731
    slave = ModbusSlaveContext(di=block(), co=block(), hr=block(), ir=block())
    identity = ModbusDeviceIdentification(info_name={
        "VendorName": options.vendor, "ProductCode": options.product, "MajorMinorRevision": options.revision})

    async def change():
        for second in range(1_000_000):
            wave = int(500 + 400 * math.sin(second / 40))
            slave.setValues(4, 0, [wave, second % 65536, 20 + second % 7])
            slave.setValues(1, 0, [second % 2 == 0, second % 5 == 0])
            await asyncio.sleep(1)

    changing = asyncio.create_task(change())
    await StartAsyncTcpServer(ModbusServerContext(slaves=slave, single=True), identity=identity, address=("", 502))
    changing.cancel()


parser = argparse.ArgumentParser()
parser.add_argument("--vendor", required=True)
parser.add_argument("--product", required=True)
parser.add_argument("--revision", required=True)
asyncio.run(run(parser.parse_args()))
