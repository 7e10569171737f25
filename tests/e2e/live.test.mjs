// A device that speaks for the first time appears on an open page, by itself.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { launch, open, signIn } from './browser.mjs';

const address = '192.168.10.99';
const folder = mkdtempSync(join(tmpdir(), 'osect-live-'));
let browser;
before(async () => { browser = await launch(); });
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

/** A capture of one frame: the newcomer asks by ARP for the router. */
function announcement() {
  const bytes = (text) => Buffer.from(text.replaceAll(/[^0-9a-f]/g, ''), 'hex');
  const mac = '00:80:f4:09:51:99';
  const frame = Buffer.concat([
    bytes(`ff:ff:ff:ff:ff:ff ${mac} 0806 0001 0800 06 04 0001 ${mac}`), Buffer.from(address.split('.').map(Number)),
    bytes('00:00:00:00:00:00'), Buffer.from([192, 168, 10, 1]), Buffer.alloc(18)]);
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65535, 16);
  header.writeUInt32LE(1, 20);
  const record = Buffer.alloc(16);
  record.writeUInt32LE(1_700_000_000, 0);
  record.writeUInt32LE(frame.length, 8);
  record.writeUInt32LE(frame.length, 12);
  return Buffer.concat([header, record, frame]);
}

test('a new device appears in the open list without reloading', async () => {
  const page = await signIn(browser, { locale: 'en' });
  await open(page, 'devices');
  const row = page.getByText(address);
  assert.equal(await row.count(), 0);
  await page.evaluate(() => { globalThis.sameDocument = true; });
  const file = join(folder, 'newcomer.pcap');
  writeFileSync(file, announcement());
  await promisify(execFile)(process.env.OSECT_SENSOR, ['replay', file, '--cloud', process.env.OSECT_UPLINK,
    '--state', `${process.env.OSECT_STATE}/sensor`, '--pace', 'fast', '--rebase', 'now']);
  const sent = Date.now();
  await row.first().waitFor({ timeout: 10_000 });
  console.log(`visible ${Date.now() - sent} ms after the sensor had its acknowledgement`);
  assert.equal(await page.evaluate(() => globalThis.sameDocument), true, 'the page was reloaded');
});
