// The words of alerts: what stands for what was seen, and what is left out.
import { expect, test } from 'vitest';

import { fill } from './fill';

test('a title names who did what, and leaves out what is not known', () => {
  const known: Record<string, string> = { client: '保全PC-3', server: 'ライン2 PLC', port: '80' };
  const valueOf = (name: string) => known[name];
  expect(fill('「{client}」が「{server}」に停止命令を送りました({function})', valueOf)).toBe('「保全PC-3」が「ライン2 PLC」に停止命令を送りました');
  expect(fill('in use ({protocol}, port {port})', valueOf)).toBe('in use (port 80)');
  expect(fill('({protocol}、ポート {port})', valueOf)).toBe('(ポート 80)');
});
