#!/usr/bin/env node
// `npm run mock [DEVICES]`: serves dist/ and an invented plant in the shape of cloud/api/openapi.yaml, under the same content
// security policy as the cloud, for working on pages without building the cloud. Sign in as demo / demo.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

import { makePlant } from './plant.js';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const plant = makePlant(Number(process.argv[2] ?? 240));
const port = Number(process.env.PORT ?? 8090);
const listeners = new Set();
let failures = 0;

// As cloud/api/web_root.cpp sends it.
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
  "worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  response.setHeader('Content-Security-Policy', policy);
  if (url.pathname.startsWith('/api/v1/')) void answer(request, response, url);
  else sendFile(request, response, url.pathname);
}).listen(port, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${port}/ with ${plant.devices.length} devices; sign in as demo / demo`);
});

function sendFile(request, response, path) {
  let file = join(dist, normalize(path));
  if (!file.startsWith(dist) || extname(file) === '' || !existsSync(file)) file = join(dist, 'index.html');
  response.setHeader('Content-Type', `${types[extname(file)] ?? 'application/octet-stream'}; charset=utf-8`);
  if (request.headers['accept-encoding']?.includes('gzip') && existsSync(`${file}.gz`)) {
    response.setHeader('Content-Encoding', 'gzip');
    file = `${file}.gz`;
  }
  createReadStream(file).pipe(response);
}

function send(response, status, body) {
  const problem = status >= 400 ? 'application/problem+json' : 'application/json';
  response.writeHead(status, { 'Content-Type': problem });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

const fail = (response, status, type, title) => send(response, status, { type: `/problems/${type}`, title, status });

async function readBody(request) {
  let text = '';
  for await (const part of request) text += part;
  return text === '' ? {} : JSON.parse(text);
}

async function answer(request, response, url) {
  const path = url.pathname.slice('/api/v1'.length);
  const method = request.method;
  const body = method === 'GET' ? {} : await readBody(request);
  if (path === '/session' && method === 'POST') {
    if (failures >= 5) {
      response.setHeader('Retry-After', '60');
      return fail(response, 429, 'locked', 'Locked after failed attempts');
    }
    if (body.login !== 'demo' || body.password !== 'demo') {
      failures += 1;
      return fail(response, 401, 'wrong-credentials', 'Wrong login or password');
    }
    failures = 0;
    response.setHeader('Set-Cookie', 'mock_session=1; Path=/; HttpOnly; SameSite=Strict');
    return send(response, 200, plant.session);
  }
  if (!request.headers.cookie?.includes('mock_session=1')) return fail(response, 401, 'no-session', 'Not signed in');
  if (path === '/session' && method === 'DELETE') {
    response.setHeader('Set-Cookie', 'mock_session=; Path=/; Max-Age=0');
    return send(response, 204);
  }
  if (path === '/session') return send(response, 200, plant.session);
  if (path === '/account') return send(response, 200, Object.assign(plant.session.account, body));
  if (path === '/account/password') return send(response, 200, plant.session);
  const [, organization, rest] = path.match(/^\/organizations\/(\d+)\/(.*)$/) ?? [];
  if (organization !== '1') return fail(response, 404, 'not-found', 'Not found');
  if (rest === 'events') return listen(request, response);
  const found = plant.answer(method, rest, url.searchParams, body);
  if (found === undefined) return fail(response, 404, 'not-found', 'Not found');
  if (found.file !== undefined) {
    response.writeHead(200, { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename="devices.csv"' });
    return response.end(found.file);
  }
  send(response, found.status ?? 200, found.body);
  if (method !== 'GET') tell(rest.split('/')[0] === 'devices' ? 'device' : 'sensor');
}

function tell(kind) {
  const change = JSON.stringify({ kind, site: '1', at: new Date().toISOString() });
  for (const one of listeners) one.write(`event: change\ndata: ${change}\n\n`);
}

function listen(request, response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.write(': hello\n\n');
  listeners.add(response);
  request.on('close', () => listeners.delete(response));
}

// A new device every 20 seconds, so that what is live can be seen to live.
setInterval(() => {
  plant.addDevice();
  tell('device');
}, 20_000);
