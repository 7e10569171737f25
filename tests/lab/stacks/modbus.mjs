// Modbus/TCP: modbus-serial at both ends.
import modbus from "modbus-serial";
import { did, is, refused, run } from "./did.mjs";

const PORT = 502;
const NAMES = ["Beispiel AG", "BX-200", "V3.4", "http://beispiel.example", "Remote IO", "BX-200-16", "Line 2"];
const ATTRIBUTES = ["vendor", "product_code", "firmware", "vendor_url", "product_name", "model", "application_name"];
const ILLEGAL = 9000; // an address that the server does not have

function server(address) {
  const checked = (value) => (at) => {
    if (at >= ILLEGAL) throw { modbusErrorCode: 2, msg: "illegal data address" };
    return value;
  };
  const vector = {
    getCoil: checked(true),
    getDiscreteInput: checked(false),
    getInputRegister: checked(7),
    getHoldingRegister: checked(4711),
    setCoil: checked(undefined),
    setRegister: checked(undefined),
    readDeviceIdentification: () => ({ ...NAMES }),
  };
  const listener = new modbus.ServerTCP(vector, { host: address, port: PORT, unitID: 1 });
  return new Promise((resolve) => listener.on("initialized", resolve));
}

async function client(address) {
  const plc = new modbus();
  await plc.connectTCP(address, { port: PORT });
  plc.setID(1);
  plc.setTimeout(3000);
  const requests = [
    [1, 3, () => plc.readCoils(10, 12)],
    [2, 2, () => plc.readDiscreteInputs(0, 8)],
    [3, 5, () => plc.readHoldingRegisters(100, 20)],
    [4, 4, () => plc.readInputRegisters(0, 2)],
    [5, 1, () => plc.writeCoil(3, true)],
    [6, 2, () => plc.writeRegister(40, 1234)],
    [15, 1, () => plc.writeCoils(8, [true, false, true])],
    [16, 2, () => plc.writeRegisters(50, [1, 2, 3])],
  ];
  for (const [code, times, ask] of requests) {
    for (let i = 0; i < times; i++) {
      await ask();
      did("modbus", String(code));
    }
  }
  for (const [code, ask] of [[3, () => plc.readHoldingRegisters(ILLEGAL, 1)], [6, () => plc.writeRegister(ILLEGAL, 1)]]) {
    await refused(ask());
    did("modbus", String(code), { errors: 1 });
  }
  await plc.readDeviceIdentification(2, 0);
  did("modbus", "43");
  ATTRIBUTES.forEach((attribute, id) => is(attribute, NAMES[id]));
  await new Promise((resolve) => plc.close(resolve));
}

await run({ server, client });
