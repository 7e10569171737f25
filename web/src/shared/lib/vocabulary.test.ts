// Every protocol and function of the sensor (docs/protocols.md) has words to be shown in.
import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import en from '@/shared/i18n/functions-en.json';
import ja from '@/shared/i18n/functions-ja.json';

import { nameFunction, type FunctionWords } from './function-name';
import { protocolName } from './protocol-name';

const table = readFileSync(new URL('../../../../docs/protocols.md', import.meta.url), 'utf8');
const protocols = [...table.matchAll(/^\| [^|]+ \| `([^`]+)` \|/gm)].map(([, name = '']) => name);
const functions = [...new Set([...table.matchAll(/^\| [^|]+ \| ([a-z0-9_]+) \| [a-z]+ \|[^|]*\|$/gm)].map(([, name = '']) => name))];
const wordsOf = (all: { names: object; verbs: object; words: object }, isVerbLast: boolean) => ({ ...all, isVerbLast }) as FunctionWords;

test('every protocol of the sensor is written as people write it', () => {
  expect(protocols.length).toBeGreaterThan(30);
  for (const one of protocols) {
    const name = protocolName(one);
    expect(name, one).toMatch(/[A-Z]/);
    expect(name, one).not.toMatch(/[_|`]/);
  }
  expect(protocolName('slmp')).toBe('SLMP');
  expect(protocolName('a_new_one')).toBe('a_new_one');
});

test('functions are put together from words', () => {
  const japanese = wordsOf(ja, true);
  expect(nameFunction('read_coils', japanese)).toBe('コイルの読み出し');
  expect(nameFunction('file_delete', japanese)).toBe('ファイルの削除');
  expect(nameFunction('clear_password', japanese)).toBe('パスワードの消去');
  expect(nameFunction('nc_create_tool', japanese)).toBe('NC 工具の作成');
  expect(nameFunction('create_session_response', japanese)).toBe('セッションの作成 (応答)');
  expect(nameFunction('read_plc_id', japanese)).toBe('PLC ID の読み出し');
  expect(nameFunction('propose_tunid', japanese)).toBe('Propose tunid');
  expect(nameFunction('remote_password_lock', wordsOf(en, false))).toBe('Remote password lock');
  expect(nameFunction('read_plc_id', wordsOf(en, false))).toBe('Read PLC ID');
});

test('most functions of the sensor read in Japanese', () => {
  const japanese = wordsOf(ja, true);
  const foreign = functions.filter((one) => !/[ぁ-ん\u30a1-ヶ\u4e00-鿿]/.test(nameFunction(one, japanese)));
  expect(functions.length).toBeGreaterThan(500);
  expect(foreign.length / functions.length, foreign.join(' ')).toBeLessThan(0.5);
});
