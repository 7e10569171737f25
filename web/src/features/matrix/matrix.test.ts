// The numbers and shades of the matrix, and the cell in the URL.
import { expect, test } from 'vitest';

import { cellName, readCellName, shadeOf, valueOf } from './matrix';

const cell = { bytes: 1200, conversations: 3, access: { read: 4, write: 2 } };

test('a cell shows volume, conversations, all operations or those of one class', () => {
  expect(valueOf(cell, 'bytes')).toBe(1200);
  expect(valueOf(cell, 'conversations')).toBe(3);
  expect(valueOf(cell, 'operations')).toBe(6);
  expect(valueOf(cell, 'write')).toBe(2);
  expect(valueOf(cell, 'program')).toBe(0);
});

test('nothing is blank, the largest is darkest, and a thousandth of it is still seen', () => {
  expect(shadeOf(0, 1e9)).toBe(0);
  expect(shadeOf(1e9, 1e9)).toBe(4);
  expect(shadeOf(1e6, 1e9)).toBe(3);
  expect(shadeOf(1, 1e9)).toBe(1);
});

test('a cell of unknown makers or of names with signs comes back from the URL', () => {
  expect(readCellName(cellName('', 'A,B~/ 三菱'))).toEqual({ client: '', server: 'A,B~/ 三菱' });
  expect(readCellName('a')).toBeUndefined();
  expect(readCellName('%,b')).toBeUndefined();
});
