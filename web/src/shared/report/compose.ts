// From a view model to the fourteen sections, in the order of reading.
import { sectionNames, type Section, type SectionName } from './document';
import * as risk from './sections-risk';
import * as view from './sections-view';
import type { ViewModel } from './view-model';
import type { ReportWords } from './words';

const composers: Record<SectionName, (model: ViewModel, words: ReportWords) => Omit<Section, 'name' | 'heading'>> = { ...view, ...risk };

export function compose(model: ViewModel, words: ReportWords): Section[] {
  return sectionNames.map((name, index) => ({
    name,
    heading: `${String(index + 1)}. ${words.t(`section.${name}`)}`,
    ...composers[name](model, words),
  }));
}
