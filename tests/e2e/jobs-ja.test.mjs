// The main job of each page in Japanese (see jobs.mjs), and what crosses pages: the language, the end of a session.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, open, signIn, url } from './browser.mjs';
import { declareJobs, rows, tabTo, words } from './jobs.mjs';

declareJobs('ja');

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });

test('the language changes at once and stays after a reload', async () => {
  const page = await signIn(browser, { locale: 'ja' });
  await open(page, 'settings');
  const english = page.getByRole('radio', { name: 'English' });
  await tabTo(page, page.getByRole('radio', { name: '日本語' }));
  await page.keyboard.press('ArrowDown');
  await page.getByRole('heading', { level: 1, name: words.en.nav.settings }).waitFor();
  await page.waitForTimeout(500);
  await page.reload();
  await page.getByRole('heading', { level: 1, name: words.en.nav.settings }).waitFor();
  assert.ok(await english.isChecked());
  await page.getByRole('radio', { name: '日本語' }).click();
  await page.getByRole('heading', { level: 1, name: words.ja.nav.settings }).waitFor();
  await page.context().close();
});

test('an ended session leads to signing in and back to where one was', async () => {
  const page = await signIn(browser, { locale: 'ja' });
  await open(page, 'home');
  await page.context().clearCookies();
  await page.goto(`${url}/o/${page.organization}/devices?sort=name&density=compact`);
  await page.waitForURL(/\/login/);
  await page.locator('input[autocomplete="username"]').fill(process.env.OSECT_LOGIN);
  await page.locator('input[type="password"]').fill(process.env.OSECT_PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/devices\?sort=name&density=compact/);
  await rows(page).first().waitFor();
  await page.context().close();
});
