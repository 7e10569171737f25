// ADS over AMS/TCP (Beckhoff, TwinCAT 3 AMS/ADS specification): ads-client asks, a device of few words answers.
import net from "node:net";
import { Client } from "ads-client";
import { did, run } from "./did.mjs";

const PORT = 48898;
const TCP_HEADER = 6;
const AMS_HEADER = 32;
const RUN = 5; // ADS state

const u16 = (value) => Buffer.from(Uint16Array.of(value).buffer);
const u32 = (value) => Buffer.from(Uint32Array.of(value).buffer);
const data = (bytes) => Buffer.concat([u32(0), u32(bytes.length), bytes]);
const ANSWERS = {
  1: () => Buffer.concat([u32(0), Buffer.from([3, 1]), u16(4024), Buffer.from("Plc30 App".padEnd(16, "\0"))]),
  2: (asked) => data(Buffer.alloc(asked.readUInt32LE(8))),
  3: () => u32(0),
  4: () => Buffer.concat([u32(0), u16(RUN), u16(0)]),
  5: () => u32(0),
  9: (asked) => data(Buffer.alloc(asked.readUInt32LE(8))),
};

function answer(request) {
  const ams = request.subarray(TCP_HEADER);
  const asked = ams.subarray(AMS_HEADER);
  const body = ANSWERS[ams.readUInt16LE(16)](asked);
  const header = Buffer.concat([ams.subarray(8, 16), ams.subarray(0, 8), ams.subarray(16, 18), u16(5), u32(body.length), u32(0),
    ams.subarray(28, 32)]);
  return Buffer.concat([u16(0), u32(header.length + body.length), header, body]);
}

function server(address) {
  const listener = net.createServer((socket) => {
    let waiting = Buffer.alloc(0);
    socket.on("error", () => {});
    socket.on("data", (more) => {
      waiting = Buffer.concat([waiting, more]);
      for (let size; waiting.length >= TCP_HEADER && waiting.length >= (size = TCP_HEADER + waiting.readUInt32LE(2)); ) {
        socket.write(answer(waiting.subarray(0, size)));
        waiting = waiting.subarray(size);
      }
    });
  });
  return new Promise((resolve) => listener.listen(PORT, address, resolve));
}

async function client(address, self) {
  const plc = new Client({
    targetAmsNetId: `${address}.1.1`,
    targetAdsPort: 851,
    localAmsNetId: `${self}.1.1`,
    localAdsPort: 32750,
    routerAddress: address,
    routerTcpPort: PORT,
    rawClient: true, // it says nothing that it was not asked to say
    autoReconnect: false,
  });
  await plc.connect();
  const requests = [
    ["1", 1, () => plc.readDeviceInfo()],
    ["2", 5, () => plc.readRaw(0x4020, 100, 4)],
    ["3", 2, () => plc.writeRaw(0x4020, 100, Buffer.from([1, 2, 3, 4]))],
    ["4", 3, () => plc.readState()],
    ["5", 1, () => plc.writeControl("Stop")],
    ["9", 2, () => plc.readWriteRaw(0xf003, 0, 4, Buffer.from("MAIN.speed\0"))],
  ];
  for (const [code, times, ask] of requests) {
    for (let i = 0; i < times; i++) {
      await ask();
      did("ads", code);
    }
  }
  await plc.disconnect();
}

await run({ server, client });
