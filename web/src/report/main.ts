// node report.mjs ja|en: a view model from standard input, a .pptx to standard output. cloud/report/renderer.cpp runs it.
import { readFileSync, writeFileSync } from 'node:fs';

import type { ViewModel } from '@/shared/report/view-model';
import { reportWords } from '@/shared/report/words';

import { makeDeck } from './deck';

const [standardInput, standardOutput] = [0, 1];
const model = JSON.parse(readFileSync(standardInput, 'utf8')) as ViewModel;
const words = await reportWords(process.argv[2] === 'en' ? 'en' : 'ja', model.site.time_zone);
writeFileSync(standardOutput, await makeDeck(model, words));
