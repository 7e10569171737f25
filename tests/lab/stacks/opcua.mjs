// OPC UA: node-opcua's server and client, without encryption, which the sensor could not read.
import { did, is, run } from "./did.mjs";

const PORT = 4840;
const NAME = "Beispiel line server";
const BUILD = { productName: "BX-UA", productUri: "urn:beispiel.example:bx-ua", manufacturerName: "Beispiel AG",
                softwareVersion: "7.0.1", buildNumber: "70" };
const NO_SECURITY = 1, TELLS_NOBODY = 1;
const PUBLISH = "826", PUBLISH_RESPONSE = "829", SERVICE_FAULT = "397";
const MISSING = "ns=1;s=missing";

async function server(address) {
  const opcua = await import("node-opcua-server");
  const { DataType, StatusCodes } = await import("node-opcua-client");
  const line = new opcua.OPCUAServer({
    host: address,
    port: PORT,
    hostname: address,
    buildInfo: BUILD,
    serverInfo: { applicationName: { text: NAME }, applicationUri: "urn:beispiel.example:line" },
    securityPolicies: ["http://opcfoundation.org/UA/SecurityPolicy#None"],
    securityModes: [NO_SECURITY],
    registerServerMethod: TELLS_NOBODY,
  });
  await line.initialize();
  const space = line.engine.addressSpace.getOwnNamespace();
  const device = space.addObject({ organizedBy: line.engine.addressSpace.rootFolder.objects, browseName: "Press" });
  space.addVariable({ componentOf: device, browseName: "Force", nodeId: "s=force", dataType: "Double",
                      value: { dataType: DataType.Double, value: 1 } });
  const start = space.addMethod(device, { browseName: "Start", nodeId: "s=start" });
  start.bindMethod((inputs, context, done) => done(null, { statusCode: StatusCodes.Good, outputArguments: [] }));
  await line.start();
}

const code = (message) => String(message.schema.encodingDefaultBinary.value);

/** A subscription until its first value comes; the stack decides how many publish requests that takes. */
async function watch(session, { AttributeIds, TimestampsToReturn }) {
  const subscription = await session.createSubscription2({ requestedPublishingInterval: 100, publishingEnabled: true });
  const item = await subscription.monitor({ nodeId: "ns=1;s=force", attributeId: AttributeIds.Value },
                                          { samplingInterval: 50, queueSize: 1 }, TimestampsToReturn.Both);
  await new Promise((resolve) => item.once("changed", resolve));
  await subscription.terminate();
}

async function client(address) {
  const opcua = await import("node-opcua-client");
  const { OPCUAClient, AttributeIds, DataType } = opcua;
  const reader = OPCUAClient.create({ applicationName: "Panel", endpointMustExist: false, keepSessionAlive: false,
                                      connectionStrategy: { maxRetry: 0 } });
  let waiting = 0;
  // The stack itself tells what it sends and gets: it adds requests of its own to those asked for here.
  reader.on("send_request", (request) => {
    did("opcua", code(request));
    if (code(request) === PUBLISH) waiting += 1;
    did("opcua", request.constructor.name === "CloseSecureChannelRequest" ? "CLO" : "MSG");
  });
  reader.on("receive_response", (response) => {
    did("opcua", code(response), { from: "server" });
    if (code(response) === PUBLISH_RESPONSE) waiting -= 1;
  });
  // What opens the connection and the channel comes before the stack tells anything.
  for (const one of ["HEL", "OPN", "446"]) did("opcua", one);
  for (const one of ["ACK", "449"]) did("opcua", one, { from: "server" });
  await reader.connect(`opc.tcp://${address}:${PORT}`);
  await reader.getEndpoints();
  const session = await reader.createSession();
  const found = await session.browse("ObjectsFolder");
  const press = found.references.find((reference) => reference.browseName.name === "Press").nodeId;
  await session.read([
    { nodeId: "ns=1;s=force", attributeId: AttributeIds.Value }, { nodeId: MISSING, attributeId: AttributeIds.Value }]);
  for (const id of [2261, 2263, 2264]) await session.read({ nodeId: `i=${id}`, attributeId: AttributeIds.Value });
  const value = { value: { dataType: DataType.Double, value: 2 } };
  await session.write({ nodeId: "ns=1;s=force", attributeId: AttributeIds.Value, value });
  await session.call({ objectId: press, methodId: "ns=1;s=start", inputArguments: [] });
  await watch(session, opcua);
  await session.close();
  await reader.disconnect();
  // Publish requests that outlive their subscription are refused; the stack keeps that to itself.
  if (waiting > 0) {
    did("opcua", PUBLISH, { count: 0, errors: waiting });
    did("opcua", SERVICE_FAULT, { from: "server", count: waiting });
  }
  is("application_name", NAME);
  is("product_name", BUILD.productName);
  is("vendor", BUILD.manufacturerName);
  is("firmware", BUILD.softwareVersion);
}

await run({ server, client });
