// EtherNet/IP and CIP (ODVA volumes 1 and 2): st-ethernet-ip asks, connected and not, a controller of few words
// answers.
import net from "node:net";
import { Controller, Tag } from "st-ethernet-ip";
import { did, is, run } from "./did.mjs";

const PORT = 44818;
const HEADER = 24;
const SESSION = 0x1001;
const [TO_TARGET, TO_ORIGINATOR] = [0x00820001, 0x00820002]; // connection ids
const INT = 0xc3;
const NAME = "1756-L71/B LOGIX5571";
const SERIAL = 0x00c0ffee;

const u16 = (...values) => Buffer.from(Uint16Array.from(values).buffer);
const u32 = (...values) => Buffer.from(Uint32Array.from(values).buffer);
const item = (type, bytes) => Buffer.concat([u16(type, bytes.length), bytes]);

// Vendor 1 (Rockwell Automation), device type 14 (programmable logic controller), product 92, revision 20.19, status.
const IDENTITY = Buffer.concat([
  u16(1, 14, 92), Buffer.from([20, 19]), u16(0x3060), u32(SERIAL), Buffer.from([NAME.length]), Buffer.from(NAME),
]);

// Service data of the answer, by service; after the request's path stands `data`.
const ANSWERS = {
  0x01: () => IDENTITY,
  0x4c: (data) => Buffer.concat([u16(INT), Buffer.alloc(2 * data.readUInt16LE(0))]),
  0x4d: () => Buffer.alloc(0),
  0x54: (data) => Buffer.concat([u32(TO_TARGET), data.subarray(6, 10), data.subarray(10, 18), u32(30000, 30000), Buffer.alloc(2)]),
  0x4e: (data) => Buffer.concat([data.subarray(2, 10), Buffer.alloc(2)]),
};

// Of an Unconnected Send the answer is that of the request inside it.
function route(request) {
  const at = 2 + 2 * request[1];
  if (request[0] === 0x52) return route(request.subarray(at + 4, at + 4 + request.readUInt16LE(at + 2)));
  return Buffer.concat([Buffer.from([0x80 | request[0], 0, 0, 0]), ANSWERS[request[0]](request.subarray(at))]);
}

function answer(request) {
  const command = request.readUInt16LE(0);
  const data = request.subarray(HEADER);
  const header = (body) => Buffer.concat([u16(command, body.length), u32(SESSION, 0), request.subarray(12, 20), u32(0), body]);
  if (command === 0x65) return header(data);
  const first = data.subarray(8); // interface handle, timeout, count of items
  const second = first.subarray(4 + first.readUInt16LE(2));
  const said = second.subarray(4, 4 + second.readUInt16LE(2));
  const items =
    command === 0x6f
      ? [item(0, Buffer.alloc(0)), item(0xb2, route(said))]
      : [item(0xa1, u32(TO_ORIGINATOR)), item(0xb1, Buffer.concat([said.subarray(0, 2), route(said.subarray(2))]))];
  return header(Buffer.concat([Buffer.alloc(6), u16(items.length), ...items]));
}
function server(address) {
  const listener = net.createServer((socket) => {
    let waiting = Buffer.alloc(0);
    socket.on("error", () => {});
    socket.on("data", (more) => {
      waiting = Buffer.concat([waiting, more]);
      for (let size; waiting.length >= HEADER && waiting.length >= (size = HEADER + waiting.readUInt16LE(2)); ) {
        if (waiting.readUInt16LE(0) !== 0x66) socket.write(answer(waiting.subarray(0, size)));
        waiting = waiting.subarray(size);
      }
    });
  });
  return new Promise((resolve) => listener.listen(PORT, address, resolve));
}

const READS = 4;

async function session(address, isConnected) {
  const plc = new Controller(isConnected);
  await plc.connect(address, 0, false);
  await plc.readControllerProps();
  const speed = new Tag("Line1_Speed", null, INT);
  for (let i = 0; i < READS; i++) await plc.readTag(speed);
  speed.value = 120;
  await plc.writeTag(speed);
  await plc.disconnect();
  did("enip", "0x0065");
  did("cip", "service 0x01 class 0x01");
  did("cip", "service 0x4c class -", { count: READS });
  did("cip", "service 0x4d class -");
}

async function client(address) {
  const requests = 1 + READS + 1;
  await session(address, false);
  did("cip", "service 0x52 class 0x06", { count: requests }); // each in an Unconnected Send to slot 0
  did("enip", "0x006f", { count: requests });
  is("module", "slot 0: 1756-L71/B LOGIX5571, revision 20.19, serial 0x00c0ffee, vendor 0x0001 type 0x000e product 92");
  await session(address, true);
  did("cip", "service 0x54 class 0x06");
  did("cip", "service 0x4e class 0x06");
  did("enip", "0x006f", { count: 2 }); // open and close
  did("enip", "0x0070", { count: requests });
}

await run({ server, client });
