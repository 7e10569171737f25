// OMRON FINS over UDP (W227, W342): omron-fins asks, a controller of few words answers.
import dgram from "node:dgram";
import fins from "omron-fins";
import { did, run } from "./did.mjs";

const PORT = 9600;
const text = (words, length) => Buffer.from(words.padEnd(length));
const ANSWERS = {
  "0101": (request) => Buffer.alloc(request[12] >= 0x80 ? 2 * request.readUInt16BE(16) : request.readUInt16BE(16)), // area 0x80 up: words
  "0102": () => Buffer.alloc(0),
  "0103": () => Buffer.alloc(0),
  "0105": () => Buffer.alloc(0),
  "0401": () => Buffer.alloc(0),
  "0402": () => Buffer.alloc(0),
  "0501": () => Buffer.concat([text("CJ2M-CPU33", 20), text("02.01", 20), Buffer.alloc(52)]),
  "0601": () => Buffer.concat([Buffer.from([1, 4]), Buffer.alloc(24)]), // running, in RUN mode
  "0701": () => Buffer.from([0x26, 0x11, 0x30, 0x08, 0x15, 0x00, 0x01]),
  "0702": () => Buffer.alloc(0),
};

function server(address) {
  const socket = dgram.createSocket("udp4");
  socket.on("message", (request, from) => {
    const header = Buffer.from(request.subarray(0, 12));
    header[0] = 0xc0; // a response that asks for none
    request.copy(header, 3, 6, 9);
    request.copy(header, 6, 3, 6);
    const answer = ANSWERS[request.toString("hex", 10, 12)];
    // End code 0401: the controller does not know the command.
    const rest = answer ? Buffer.concat([Buffer.from([0, 0]), answer(request)]) : Buffer.from([4, 1]);
    socket.send(Buffer.concat([header, rest]), from.port, from.address);
  });
  return new Promise((resolve) => socket.bind(PORT, address, resolve));
}

async function client(address) {
  const plc = new fins.FinsClient(PORT, address, { protocol: "udp", SA1: 20, DA1: 10, timeout: 3000 });
  // The library says that its socket is open a moment before it takes requests.
  await new Promise((resolve) => plc.once("open", () => setTimeout(resolve, 100)));
  const answered = (ask) =>
    new Promise((resolve, reject) => {
      plc.once("error", reject);
      plc.once("reply", resolve);
      ask();
    });
  const requests = [
    ["0x0101", 4, () => plc.read("D100", 10)],
    ["0x0101", 2, () => plc.read("H10", 3)],
    ["0x0102", 2, () => plc.write("D200", [1, 2, 3])],
    ["0x0103", 1, () => plc.fill("D300", 7, 5)],
    ["0x0105", 1, () => plc.transfer("D100", "D400", 4)],
    ["0x0402", 1, () => plc.stop()],
    ["0x0401", 1, () => plc.run()],
    ["0x0501", 1, () => plc.cpuUnitDataRead()],
    ["0x0601", 3, () => plc.status()],
    ["0x0701", 1, () => plc.clockRead()],
    ["0x0702", 1, () => plc.clockWrite({ year: 26, month: 11, day: 30, hour: 8, minute: 16, second: 0, day_of_week: 1 })],
  ];
  for (const [code, times, ask] of requests) {
    for (let i = 0; i < times; i++) {
      await answered(ask);
      did("fins", code);
    }
  }
  plc.disconnect();
}

await run({ server, client });
