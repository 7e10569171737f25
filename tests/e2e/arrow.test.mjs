// What went into the capture comes out in the browser: the lab's machines are there by name, with what they said to each other.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { api, launch, open, signIn, url } from './browser.mjs';

const factory = readFileSync(new URL('../lab/factory.toml', import.meta.url), 'utf8')
  .split('[[machine]]').slice(1)
  .map((part) => ({
    name: /^name = "(.*)"$/m.exec(part)[1],
    mac: /^mac = "(.*)"$/m.exec(part)[1],
    ip: /^ip = "(.*)"$/m.exec(part)[1],
  }));
let browser;
let page;
before(async () => {
  browser = await launch();
  page = await signIn(browser, { locale: 'ja' });
});
after(async () => { await browser?.close(); });

async function devices() {
  return (await api(page, `/organizations/${page.organization}/devices?limit=200`)).items;
}

test('each machine of the factory is one device with its own address', async () => {
  const found = await devices();
  for (const machine of factory) {
    const same = found.filter((device) => device.macs.includes(machine.mac));
    assert.equal(same.length, 1, `${machine.name} is ${same.length} devices`);
    assert.ok(same[0].ips.includes(machine.ip), `${machine.name} has ${same[0].ips.join(', ')}, not ${machine.ip}`);
  }
  const local = found.filter((device) => device.is_local);
  assert.deepEqual(local.map((d) => d.macs[0]).sort(), factory.map((m) => m.mac).sort());
});

test('the router is a router, and what lies behind it is no device of the factory', async () => {
  const found = await devices();
  const routers = found.filter((device) => device.is_router);
  assert.deepEqual(routers.map((device) => device.macs[0]), [factory.find((m) => m.name === 'gw01').mac]);
  assert.deepEqual(found.flatMap((device) => device.ips).filter((ip) => ip.startsWith('203.0.113.')), []);
});

test('a person finds a controller by its address and sees who writes to it', async () => {
  const plc = (await devices()).find((device) => device.ips.includes('192.168.10.12'));
  await open(page, 'devices');
  await page.keyboard.press('/');
  await page.keyboard.type('192.168.10.12');
  await page.getByText(plc.name, { exact: false }).first().click();
  await page.getByText('write_single_register').or(page.getByText('HOZEN-PC3')).first().waitFor();
  const operations = (await api(page, `/organizations/${page.organization}/devices/${plc.id}/operations`)).items;
  assert.ok(operations.some((operation) => operation.access === 'write'), 'no write operation of the controller');
});

test('a wrong password is refused in the language of the page', async () => {
  const context = await browser.newContext({ locale: 'ja-JP' });
  const stranger = await context.newPage();
  await stranger.goto(url);
  await stranger.locator('input[autocomplete="username"]').fill('nobody');
  await stranger.locator('input[type="password"]').fill('wrong password');
  await stranger.keyboard.press('Enter');
  const alert = stranger.getByRole('alert');
  await alert.waitFor();
  assert.match(await alert.innerText(), /[ぁ-ん]/);
  assert.match(stranger.url(), /\/login/);
  await context.close();
});
