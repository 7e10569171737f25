// What the specs share: one browser, a signed-in page in a language and a theme, the axe check, screenshots, the API.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const fromWeb = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = fromWeb('playwright-core');
const axeSource = readFileSync(fromWeb.resolve('axe-core/axe.min.js'), 'utf8');

export const url = process.env.OSECT_URL;
const login = process.env.OSECT_LOGIN;
const password = process.env.OSECT_PASSWORD;
const pictures = new URL('../../build/e2e/', import.meta.url);

export function launch() {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--enable-unsafe-swiftshader', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** A page signed in through the form, as a person does it. Anything the page reports as an error fails the test that ends it. */
export async function signIn(browser, { locale = 'ja', theme = 'light', width = 1366, height = 768 } = {}) {
  const context = await browser.newContext({
    locale: locale === 'ja' ? 'ja-JP' : 'en-GB',
    colorScheme: theme,
    viewport: { width, height },
    timezoneId: 'Asia/Tokyo',
  });
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(error.message));
  page.on('console', (message) => {
    // The first question "am I signed in?" is answered 401 by design; the browser reports it as an error.
    if (message.type() === 'error' && !message.text().includes('401')) page.complaints.push(message.text());
  });
  await page.goto(url);
  await page.locator('input[autocomplete="username"]').fill(login);
  await page.locator('input[type="password"]').fill(password);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/o\//);
  await change(page, '/account', { locale, theme });
  page.organization = (await api(page, '/session')).organizations[0].id;
  return page;
}

/** A change by the API with the session's own CSRF token, for what a spec needs but does not test. */
async function change(page, path, data) {
  const { csrf_token: token } = await api(page, '/session');
  const response = await page.request.patch(`${url}/api/v1${path}`, { data, headers: { 'X-OsecT-CSRF': token, Origin: url } });
  assert.equal(response.status(), 200, `PATCH ${path}: ${await response.text()}`);
}

/** A page of the product by its address, as a link would open it. */
export async function open(page, path) {
  await page.goto(`${url}/o/${page.organization}/${path}`);
  await page.locator('h1').first().waitFor();
  await page.waitForLoadState('load');
}

/** WCAG 2.2 AA by axe-core; the content security policy stays on. */
export async function assertAccessible(page) {
  await page.evaluate(axeSource);
  const result = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
  const found = result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
  assert.deepEqual(found, [], 'axe found violations');
}

export async function picture(page, name) {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: new URL(`${name}.png`, pictures).pathname });
}

/** The API as the signed-in page may ask it. */
export async function api(page, path) {
  const response = await page.request.get(`${url}/api/v1${path}`);
  assert.equal(response.status(), 200, `GET ${path}`);
  return response.json();
}
