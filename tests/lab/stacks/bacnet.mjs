// BACnet/IP: @bacnet-js/client at both ends; a small controller with a device object and analog values.
import bacnet from "@bacnet-js/client";
import { did, is, refused, run } from "./did.mjs";

const Client = bacnet.default ?? bacnet;
const DEVICE = { type: 8, instance: 2001 };
const VALUE = { type: 2, instance: 1 };
const ABSENT = { type: 2, instance: 99 };
const VENDOR = 343;
const TEXT = 7, REAL = 4, ENUMERATED = 9;
const PRESENT_VALUE = 85;
// property number, what the sensor calls it, value
const NAMES = [[77, "device_name", "AHU-7"], [70, "model", "BX-AHU"], [44, "firmware", "4.1.2"], [121, "vendor", "Beispiel AG"],
               [58, "location", "Roof"], [12, "application_software", "1.9"]];
const ERROR_OBJECT = 1, UNKNOWN_OBJECT = 31, READ_ONLY = 40;
const CONFIRMED = { readProperty: 12, writeProperty: 15, subscribeCov: 5 };

const same = (a, b) => a.type === b.type && a.instance === b.instance;
const to = (message) => ({ address: message.header.sender.address });

function property(object, id) {
  const name = same(object, DEVICE) && NAMES.find(([number]) => number === id);
  if (name) return { type: TEXT, value: name[2] };
  return same(object, VALUE) && id === PRESENT_VALUE ? { type: REAL, value: 21.5 } : undefined;
}

function server(address) {
  const controller = new Client({ interface: address });
  controller.on("whoIs", (m) => controller.iAmResponse(to(m), DEVICE.instance, 3, VENDOR));
  controller.on("readProperty", (m) => {
    const { objectId, property: { id, index } } = m.payload;
    const value = property(objectId, id);
    if (value) controller.readPropertyResponse(to(m), m.invokeId, objectId, { id, index }, [value]);
    else controller.errorResponse(to(m), CONFIRMED.readProperty, m.invokeId, ERROR_OBJECT, UNKNOWN_OBJECT);
  });
  controller.on("readPropertyMultiple", (m) => {
    const values = m.payload.properties.map(({ objectId, properties }) => ({
      objectId,
      values: properties.map(({ id, index }) => ({ property: { id, index }, value: [property(objectId, id)] })),
    }));
    controller.readPropertyMultipleResponse(to(m), m.invokeId, values);
  });
  controller.on("writeProperty", (m) => {
    if (same(m.payload.objectId, VALUE)) controller.simpleAckResponse(to(m), CONFIRMED.writeProperty, m.invokeId);
    else controller.errorResponse(to(m), CONFIRMED.writeProperty, m.invokeId, 2, READ_ONLY);
  });
  const acknowledged = { subscribeCov: CONFIRMED.subscribeCov, deviceCommunicationControl: 17, reinitializeDevice: 20 };
  for (const [event, service] of Object.entries(acknowledged)) {
    controller.on(event, (m) => {
      controller.simpleAckResponse(to(m), service, m.invokeId);
      if (service !== CONFIRMED.subscribeCov) return;
      controller.unconfirmedCOVNotification(to(m), 1, DEVICE.instance, VALUE, 60,
        [{ property: { id: PRESENT_VALUE }, value: [{ type: REAL, value: 22 }] }]);
    });
  }
  return new Promise((resolve) => controller.on("listening", resolve));
}

const heard = (station, event) => new Promise((resolve) => station.once(event, resolve));

async function browse(station, controller) {
  const found = heard(station, "iAm");
  station.whoIs(controller);
  did("bacnet", "unconfirmed 8");
  await found;
  did("bacnet", "unconfirmed 0", { from: "server" });
  is("bacnet_device", String(DEVICE.instance));
  for (const [id, attribute, value] of NAMES.slice(0, 3)) {
    await station.readProperty(controller, DEVICE, id);
    did("bacnet", "confirmed 12");
    is(attribute, value);
  }
  await station.readPropertyMultiple(controller, [{ objectId: DEVICE, properties: NAMES.slice(3).map(([id]) => ({ id })) }]);
  did("bacnet", "confirmed 14");
  for (const [, attribute, value] of NAMES.slice(3)) is(attribute, value);
}

async function client(address) {
  const station = new Client({ interface: process.argv[4] });
  await heard(station, "listening");
  const controller = { address };
  await browse(station, controller);
  await station.readProperty(controller, VALUE, PRESENT_VALUE);
  did("bacnet", "confirmed 12");
  await refused(station.readProperty(controller, ABSENT, PRESENT_VALUE));
  did("bacnet", "confirmed 12", { errors: 1 });
  await station.writeProperty(controller, VALUE, PRESENT_VALUE, [{ type: REAL, value: 22 }], { priority: 8 });
  did("bacnet", "confirmed 15");
  await refused(station.writeProperty(controller, DEVICE, 112, [{ type: ENUMERATED, value: 1 }], {}));
  did("bacnet", "confirmed 15", { errors: 1 });
  const change = heard(station, "covNotifyUnconfirmed");
  await station.subscribeCov(controller, VALUE, 1, false, false, 60, {});
  did("bacnet", "confirmed 5");
  await change;
  did("bacnet", "unconfirmed 2", { from: "server" });
  station.timeSync(controller, new Date());
  did("bacnet", "unconfirmed 6");
  await station.deviceCommunicationControl(controller, 1, 1, {});
  did("bacnet", "confirmed 17");
  await station.reinitializeDevice(controller, 1, { password: "1234" });
  did("bacnet", "confirmed 20");
  station.close();
}

await run({ server, client });
