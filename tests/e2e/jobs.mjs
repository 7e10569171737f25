// The main job of each page, done with the keyboard, in Japanese and in English.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { api, launch, open, signIn } from './browser.mjs';

const wordsIn = (file) => JSON.parse(readFileSync(new URL(`../../web/src/shared/i18n/${file}`, import.meta.url), 'utf8'));
export const words = Object.fromEntries(
  ['ja', 'en'].map((locale) => [locale, { ...wordsIn(`${locale}.json`), ...wordsIn(`${locale}/pages.json`) }]),
);
/** Tab until the focus is on what the locator names. */
export async function tabTo(page, target, key = 'Tab') {
  for (let presses = 0; presses < 120; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement).catch(() => false)) return;
    await page.keyboard.press(key);
  }
  assert.fail(`120 presses of ${key} do not reach ${target}`);
}

export const rows = (page) => page.getByRole('grid').locator('[role=row][aria-rowindex]:not([aria-rowindex="1"])');
const list = (page) => `/organizations/${page.organization}/devices`;

/** Declares the tests of one language; two files, so that neither runs too long. */
export function declareJobs(locale) {
  let browser;
  before(async () => { browser = await launch(); });
  after(async () => { await browser?.close(); });
  const w = words[locale];

  test(`devices: find, open, pick, filter, group; the address brings the same view back (${locale})`, async () => {
    const page = await signIn(browser, { locale });
    const all = (await api(page, `${list(page)}?limit=200`)).items;
    const wanted = all.find((device) => device.ips.some((ip) => ip.includes('.')));
    const ip = wanted.ips.find((one) => one.includes('.'));
    await open(page, 'devices');
    await rows(page).first().waitFor();

    await page.keyboard.press('/');
    await page.keyboard.type(ip);
    await page.waitForURL((address) => address.searchParams.get('q') === ip);
    const row = rows(page).filter({ hasText: ip }).first();
    await row.waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByRole('region', { name: w.list.selection }).waitFor();
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('complementary');
    await drawer.getByText(w.device.summary).first().waitFor();
    assert.match(page.url(), /[?&]open=\d+/);
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });

    await page.goto(page.url());
    await rows(page).filter({ hasText: ip }).first().waitFor();
    assert.ok(await page.getByRole('checkbox', { checked: true }).first().isVisible(), 'the picked row is picked no more');

    await open(page, 'devices?group=vendor');
    await rows(page).first().waitFor();
    const group = rows(page).first().getByRole('button');
    assert.equal(await group.getAttribute('aria-expanded'), 'false');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('[role=row][aria-selected]').first().waitFor();

    await open(page, 'devices?filter.is_local=!false');
    const local = (await api(page, `${list(page)}?filter.is_local=!false&limit=1`)).total;
    await page.getByRole('status').filter({ hasText: new RegExp(`^${local.toLocaleString('en-GB')}\\D`) }).waitFor();
    await page.context().close();
  });

  test(`a device gets its name by hand, seen at once by someone else, and gives it back (${locale})`, async () => {
    const page = await signIn(browser, { locale });
    const [device] = (await api(page, `${list(page)}?sort=first_seen&limit=1`)).items;
    const watcher = await signIn(browser, { locale });
    await open(watcher, `devices?q=${encodeURIComponent(device.macs[0] ?? device.ips[0])}`);
    await rows(watcher).first().waitFor();

    await open(page, `devices/${device.id}`);
    const edit = page.getByRole('button', { name: w.device.edit });
    await edit.waitFor();
    await tabTo(page, edit);
    await page.keyboard.press('Enter');
    const name = `名札 ${locale}`;
    await page.keyboard.press('Control+A');
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await rows(watcher).filter({ hasText: name }).waitFor({ timeout: 10_000 });

    await edit.click();
    await page.getByRole('textbox', { name: w.column.name }).fill('');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name }).waitFor({ state: 'detached' });
    await watcher.context().close();
    await page.context().close();
  });

  test(`conversations and operations: filtered, opened, exported as seen; a link from the device leads to its own (${locale})`, async () => {
    const page = await signIn(browser, { locale });
    const of = (what) => `/organizations/${page.organization}/${what}`;
    const count = (total) => page.getByRole('status').filter({ hasText: new RegExp(`^${total.toLocaleString('en-GB')}\\D`) });

    // The access classes above the list tell what changes the plant from what only reads.
    const changing = ['write', 'control', 'program', 'config'];
    const query = changing.map((one) => `filter.access=${one}`).join('&');
    const changes = await api(page, `${of('operations')}?limit=1&${query}`);
    assert.ok(changes.total > 0, 'the capture of quickstart has writes');
    await open(page, 'operations');
    await rows(page).first().waitFor();
    const button = page.getByRole('button', { name: new RegExp(w.operations.changing) });
    await tabTo(page, button);
    await page.keyboard.press('Enter');
    await count(changes.total).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('complementary').getByRole('heading', { name: w.operations.changers }).waitFor();
    await page.keyboard.press('Escape');
    const server = changes.items[0].server.id;
    await open(page, `devices/${server}`);
    await page.getByRole('link', { name: w.device.allAsList }).last().click();
    const ofDevice = await api(page, `${of('operations')}?limit=1&filter.device=${server}`);
    await count(ofDevice.total).waitFor();
    await page.getByRole('button', { name: changes.items[0].server.name }).first().waitFor();

    const modbus = await api(page, `${of('conversations')}?limit=1&filter.protocol=modbus`);
    await open(page, 'conversations?filter.protocol=modbus');
    await count(modbus.total).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('complementary').getByText(w.conversations.operationsOfPair).waitFor();
    await page.keyboard.press('Escape');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: w.list.export }).click();
    await page.getByText(w.list.csv).click();
    const lines = readFileSync(await (await download).path(), 'utf8').trim().split('\n');
    assert.equal(lines.length, modbus.total + 1);
    await page.context().close();
  });

  test(`operations: opened protocol by machine, who changes what, hour by hour; a number leads to its rows (${locale})`, async () => {
    const page = await signIn(browser, { locale });
    const sums = (query) => api(page, `/organizations/${page.organization}/operations/sums?${query}`);
    const count = (total) => page.getByRole('status').filter({ hasText: new RegExp(`^${total.toLocaleString('en-GB')}\\D`) });
    await open(page, 'operations');
    await rows(page).first().waitFor();
    await tabTo(page, page.getByRole('radio', { name: w.operations.view.list }));
    await page.keyboard.press('ArrowRight');
    const row = page.getByRole('treegrid').locator('tbody tr');
    await row.first().waitFor();
    await tabTo(page, row.first());
    const [protocol] = (await sums('by=protocol')).items;
    for (const level of [2, 3]) {
      await page.keyboard.press('ArrowRight');
      await row.and(page.locator(`[aria-level="${level}"]`)).first().waitFor();
      await page.keyboard.press('ArrowDown');
    }
    assert.equal(await row.first().getAttribute('aria-expanded'), 'true');
    const address = page.url();
    await page.keyboard.press('Enter');
    await page.waitForURL(/filter\.function=/);
    const shown = new URL(page.url()).searchParams;
    assert.equal(shown.get('filter.protocol'), protocol.protocol);
    const asked = new URLSearchParams([...shown].filter(([key]) => key.startsWith('filter.') || key === 'q'));
    await count((await sums(asked)).items[0].operations).waitFor();
    await page.goBack();
    await row.and(page.locator('[aria-level="3"]')).first().waitFor();
    assert.equal(page.url(), address);
    await page.keyboard.press('Home');

    await tabTo(page, page.getByRole('radio', { name: w.operations.view.tree }), 'Shift+Tab');
    await page.keyboard.press('ArrowRight');
    const changes = page.getByRole('table', { name: w.operations.view.changes });
    const number = changes.locator('tbody a[aria-label]').first();
    await tabTo(page, number);
    await page.keyboard.press('Enter');
    await page.waitForURL(/filter\.access=/);
    const ofPair = new URLSearchParams([...new URL(page.url()).searchParams].filter(([key]) => key.startsWith('filter.') || key === 'q'));
    await count((await sums(ofPair)).items[0].operations).waitFor();

    await open(page, 'operations?view=hours&by=function');
    await page.getByRole('figure', { name: w.operations.changing }).waitFor();
    const asTable = page.getByRole('button', { name: w.chart.asTable }).first();
    await tabTo(page, asTable);
    await page.keyboard.press('Enter');
    await page.getByRole('columnheader', { name: w.chart.time }).waitFor();
    await page.context().close();
  });

  test(`the network: what two devices say, found in the table; groups fold into one node (${locale})`, async () => {
    const page = await signIn(browser, { locale });
    await open(page, 'network');
    const map = page.getByRole('img');
    await map.waitFor();
    const table = page.getByRole('radio', { name: w.network.table });
    await tabTo(page, page.getByRole('radio', { name: w.network.map }));
    await page.keyboard.press('ArrowRight');
    assert.ok(await table.isChecked());
    const edge = page.getByRole('table').getByRole('button').first();
    await tabTo(page, edge);
    await page.keyboard.press('Enter');
    await page.getByRole('complementary').getByRole('heading', { name: w.network.conversations }).waitFor();
    assert.match(page.url(), /[?&]edge=/);

    await open(page, 'network?by=subnet');
    const folded = Number(/\d+/.exec(await map.getAttribute('aria-label'))[0]);
    await open(page, 'network');
    const unfolded = Number(/\d+/.exec(await map.getAttribute('aria-label'))[0]);
    assert.ok(folded < unfolded, `${folded} nodes folded, ${unfolded} not`);
    await page.context().close();
  });

  test(`traffic: the ranking of protocols, and the chart as a table (${locale})`, async () => {
    const page = await signIn(browser, { locale });
    await open(page, 'traffic');
    const talkers = page.getByRole('radio', { name: w.traffic.rank.talker, exact: true });
    await talkers.waitFor();
    await tabTo(page, talkers);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(/rank=protocol/);
    await page.getByRole('columnheader', { name: w.traffic.rank.protocol }).first().waitFor();
    const asTable = page.getByRole('button', { name: w.chart.asTable });
    await tabTo(page, asTable, 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('columnheader', { name: w.chart.time }).waitFor();
    await page.context().close();
  });

  test(`from a site to its devices (${locale})`, async () => {
    const page = await signIn(browser, { locale });
    const [site] = (await api(page, `/organizations/${page.organization}/sites`)).items;
    await open(page, 'sites');
    const devices = page.getByRole('listitem').filter({ hasText: site.name }).locator(`a[href*="/devices?"]`).first();
    await tabTo(page, devices);
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`/devices\\?.*site=${site.id}`));
    await page.context().close();
  });

  test(`a sensor is added, its code shown once with the command, then revoked (${locale})`, async () => {
    const page = await signIn(browser, { locale });
    await open(page, 'sensors');
    const add = page.getByRole('button', { name: w.sensors.add });
    await tabTo(page, add);
    await page.keyboard.press('Enter');
    const name = `e2e ${locale} ${Date.now()}`;
    await page.getByRole('dialog').getByRole('textbox', { name: w.column.name }).fill(name);
    await page.keyboard.press('Enter');
    const command = page.getByRole('dialog').getByText(/^osect-sensor enroll --cloud \S+ --code \S+$/);
    await command.waitFor();
    await page.getByRole('button', { name: w.sensors.codeNoted }).click();
    await page.getByRole('button', { name, exact: true }).click();
    await page.getByRole('complementary').getByRole('button', { name: w.sensors.revoke }).click();
    await page.getByRole('dialog').getByRole('button', { name: w.sensors.revoke }).click();
    await page.getByRole('row').filter({ hasText: name }).getByText(w.sensorHealth.revoked).waitFor();
    await page.context().close();
  });

  test(`Ctrl+K finds a page and a device (${locale})`, async () => {
    const page = await signIn(browser, { locale });
    const [device] = (await api(page, `${list(page)}?limit=1`)).items;
    await open(page, 'home');
    await page.keyboard.press('Control+K');
    await page.keyboard.type(device.macs[0]);
    await page.getByRole('option').filter({ hasText: device.macs[0] }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`/devices/${device.id}`));
    await page.keyboard.press('Control+K');
    await page.keyboard.type(w.nav.traffic);
    await page.getByRole('option', { name: w.nav.traffic }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/traffic/);
    await page.context().close();
  });
}
