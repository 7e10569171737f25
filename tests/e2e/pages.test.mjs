// Every page opens by its address, in both languages and themes and at three widths, without complaints from the browser or axe.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { assertAccessible, launch, open, picture, signIn } from './browser.mjs';

const pages = ['home', 'sites', 'devices', 'network', 'network?view=table', 'matrix?by=device', 'difference?kind=operations', 'operations', 'operations?view=tree', 'operations?view=changes', 'operations?view=hours', 'conversations', 'traffic', 'alerts', 'incidents', 'planned-work', 'learning', 'ledger', 'weaknesses', 'reports', 'sensors', 'settings'];
const views = [
  { locale: 'ja', theme: 'light', width: 1366, height: 768 },
  { locale: 'en', theme: 'dark', width: 1920, height: 1080 },
  { locale: 'ja', theme: 'dark', width: 390, height: 844 },
];
let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });

for (const view of views) {
  const words = `${view.locale}-${view.theme}-${view.width}`;
  test(`pages in ${words}`, async (suite) => {
    const page = await signIn(browser, view);
    for (const path of pages) {
      await suite.test(`${path} in ${words}`, async () => {
        page.complaints.length = 0;
        await open(page, path);
        await page.waitForTimeout(400); // charts and the map settle; nothing is asserted about time here
        assert.equal(await page.locator('html').getAttribute('lang'), view.locale);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `the page is ${overflow} px wider than the window`);
        await picture(page, `${path.replace(/\W/g, '-')}-${words}`);
        await assertAccessible(page);
        assert.deepEqual(page.complaints, []);
      });
    }
    await page.context().close();
  });
}
