// What the web costs in a browser: loading (bytes, requests, largest paint), interactions (input to next paint), frames of the map.
import { createRequire } from 'node:module';

const { chromium } = createRequire(new URL('../../web/package.json', import.meta.url))('playwright-core');
const url = process.env.OSECT_URL;
const rounds = 9;

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });

/** Keeps what the browser observes where the page's script can be asked for it. */
function observe() {
  const seen = { lcp: 0, what: '', events: [] };
  globalThis.seen = seen;
  const watch = (type, take, options = {}) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...options });
  watch('largest-contentful-paint', (entry) => {
    seen.lcp = entry.startTime;
    seen.what = entry.element?.textContent?.slice(0, 30) ?? '';
  });
  watch('event', (entry) => { if (entry.interactionId > 0) seen.events.push(entry.duration); }, { durationThreshold: 16 });
}

const ms = (value) => `${value.toFixed(0)} ms`;
const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function newPage(state) {
  const context = await browser.newContext({ storageState: state, viewport: { width: 1366, height: 768 }, locale: 'ja-JP', timezoneId: 'Asia/Tokyo' });
  await context.addInitScript(observe);
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  await client.send('Network.enable');
  await client.send('Performance.enable');
  return { context, page, client };
}

/** Opens the list of devices and says what it took. */
async function load(page, address) {
  await page.goto(address);
  await page.locator('[role=grid] [role=row][aria-rowindex="5"]').waitFor();
  await page.waitForTimeout(700);
  return page.evaluate(() => ({
    lcp: globalThis.seen.lcp,
    what: globalThis.seen.what,
    requests: performance.getEntriesByType('resource').map(({ name, startTime, responseEnd, transferSize, encodedBodySize }) => ({
      name: new URL(name).pathname.replace(/^\/assets\//, '').replace(/-[\w-]{8}\./, '.'), startTime, responseEnd, transferSize, encodedBodySize,
    })),
  }));
}

async function loading(state, address) {
  const cold = [];
  const warm = [];
  for (let round = 0; round < rounds; round += 1) {
    const { context, page } = await newPage(state);
    cold.push(await load(page, address));
    warm.push(await load(page, address));
    await context.close();
  }
  const figures = (loads) => loads.map(({ lcp }) => lcp).sort((a, b) => a - b).map((one) => one.toFixed(0)).join(', ');
  console.log(`Devices, cold: LCP ${ms(middle(cold.map(({ lcp }) => lcp)))} (${figures(cold)}), goal 1000 ms; it is "${cold[0].what}"`);
  console.log(`Devices, warm: LCP ${ms(middle(warm.map(({ lcp }) => lcp)))} (${figures(warm)}), goal 400 ms`);
  const program = cold[0].requests.filter(({ name }) => /\.(js|css)$/.test(name));
  const bytes = program.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
  console.log(`Devices, script and style: ${(bytes / 1000).toFixed(1)} kB compressed in ${String(program.length)} files, goal 200 kB`);
  const again = warm[0].requests.filter(({ transferSize, name }) => transferSize > 0 && /\.(js|css)$/.test(name)).map(({ name }) => name);
  console.log(`Devices, asked of the cloud again when warm: ${again.join(', ') || 'no script or style'}`);
  console.log('Devices, cold, when what is asked for (first load):');
  for (const { name, startTime, responseEnd } of cold[0].requests.filter(({ encodedBodySize }) => encodedBodySize > 6000 || encodedBodySize === 0)
    .concat(cold[0].requests.filter(({ name }) => name.startsWith('/api/'))).filter((one, at, all) => all.indexOf(one) === at).sort((a, b) => a.startTime - b.startTime)) {
    console.log(`  ${ms(startTime).padStart(7)} to ${ms(responseEnd).padStart(7)}  ${name}`);
  }
}

async function interactions(state, address) {
  const { context, page, client } = await newPage(state);
  await load(page, address);
  const cost = async () => Object.fromEntries((await client.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]));
  const row = page.getByRole('grid').locator('[role=row][aria-rowindex="5"]');
  const acts = {
    'pick a row': () => row.getByRole('checkbox').click(),
    'pick it no more': () => row.getByRole('checkbox').click(),
    'move down (j)': () => page.keyboard.press('j'),
    'pick by key (x)': () => page.keyboard.press('x'),
    'open a row': () => row.click({ position: { x: 700, y: 10 } }),
    'close it': () => page.keyboard.press('Escape'),
    'sort by name': () => page.getByRole('columnheader').nth(1).getByRole('button').click(),
    'closer rows': () => page.locator('button[aria-pressed]').first().click(),
    'type a letter': async () => { await page.getByRole('searchbox').first().focus(); await page.keyboard.press('p'); },
  };
  const slowest = [];
  for (const [name, act] of Object.entries(acts)) {
    await page.evaluate(() => { globalThis.seen.events.length = 0; });
    const before = await cost();
    await act();
    await page.waitForTimeout(700);
    const after = await cost();
    const worst = Math.max(0, ...(await page.evaluate(() => globalThis.seen.events)));
    slowest.push(worst);
    const spent = (key) => ms((after[key] - before[key]) * 1000).padStart(7);
    console.log(`${name.padEnd(18)} to next paint ${ms(worst).padStart(7)}; script ${spent('ScriptDuration')}, style ${spent('RecalcStyleDuration')}, layout ${spent('LayoutDuration')}`);
  }
  console.log(`INP: worst ${ms(Math.max(...slowest))}, goal 100 ms`);
  await context.close();
}

/** Frames a second while the map is dragged or zoomed: input at every frame, counted until the last has been shown. */
async function map(state, address, goal) {
  const { context, page } = await newPage(state);
  await page.goto(address);
  const canvas = page.locator('canvas[role=img]');
  await canvas.waitFor();
  // The layout is done when it says so no more.
  await page.waitForTimeout(500);
  await page.waitForFunction(() => document.querySelector('canvas')?.parentElement?.querySelector('[role=status]') === null, undefined, { timeout: 120_000 });
  const label = await canvas.getAttribute('aria-label');
  const measure = (kind) => canvas.evaluate(async (element, what) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const { left, top, width, height } = element.getBoundingClientRect();
    const [cx, cy] = [left + width - 40, top + height - 40];
    const pointer = (type, dx, dy) => element.dispatchEvent(new PointerEvent(type, { pointerId: 1, button: 0, bubbles: true, clientX: cx + dx, clientY: cy + dy }));
    // A scripted event has no pointer to capture.
    element.setPointerCapture = () => undefined;
    if (what === 'drag') pointer('pointerdown', 0, 0);
    const times = [];
    const begin = performance.now();
    let before = begin;
    for (let at = 0; performance.now() - begin < 2500; at += 1) {
      const angle = at / 12;
      if (what === 'drag') pointer('pointermove', -300 + 300 * Math.cos(angle), 200 * Math.sin(angle) - 100);
      else element.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, deltaY: 60 * Math.cos(angle), clientX: left + width / 2, clientY: top + height / 2 }));
      await frame();
      const now = performance.now();
      times.push(now - before);
      before = now;
    }
    if (what === 'drag') pointer('pointerup', 0, 0);
    times.sort((a, b) => a - b);
    return { rate: times.length / ((before - begin) / 1000), p95: times[Math.floor(times.length * 0.95)] };
  }, kind);
  for (const kind of ['drag', 'zoom']) {
    const { rate, p95 } = await measure(kind);
    console.log(`map, ${kind}: ${rate.toFixed(0)} frames/s, 95 % within ${ms(p95)}, goal ${String(goal)} frames/s (${label})`);
  }
  await context.close();
}

try {
  const signIn = await browser.newContext();
  const answer = await signIn.request.post(`${url}/api/v1/session`, {
    data: { login: process.env.OSECT_LOGIN, password: process.env.OSECT_PASSWORD }, headers: { Origin: url },
  });
  const { organizations: [{ id }] } = await answer.json();
  const state = await signIn.storageState();
  const { items: sites } = await (await signIn.request.get(`${url}/api/v1/organizations/${id}/sites`)).json();
  const [large, small] = [...sites].sort((a, b) => b.devices - a.devices);
  await loading(state, `${url}/o/${id}/devices`);
  await interactions(state, `${url}/o/${id}/devices`);
  const subnets = new Set();
  const network = await (await signIn.request.get(`${url}/api/v1/organizations/${id}/network?site=${large.id}&nodes=5000&edges=20000`)).json();
  for (const { subnet } of network.nodes) if (subnet !== null) subnets.add(encodeURIComponent(subnet));
  await map(state, `${url}/o/${id}/network?site=${small.id}`, 60);
  await map(state, `${url}/o/${id}/network?site=${large.id}&by=subnet&open=${encodeURIComponent([...subnets, '?'].join(','))}`, 30);
} finally {
  await browser.close();
}
