// What PptxGenJS 4.0.1 writes against the schemas of ECMA-376, put right: PowerPoint may ask to repair such a file.
// check-deck.py finds these; when a later version of the library writes them well, nothing here applies.
import JSZip from 'jszip';

/** Only the first properties of a paragraph: the library repeats them before each run. */
function paragraphs(xml: string): string {
  return xml.replace(/<a:p>.*?<\/a:p>/gs, (paragraph) => {
    let isFirst = true;
    return paragraph.replace(/<a:pPr(?:[^>]*\/>|.*?<\/a:pPr>)/gs, (properties) => {
      const kept = isFirst ? properties : '';
      isFirst = false;
      return kept;
    });
  });
}

/** Each shape of a slide by a number of its own. */
function shapeNumbers(xml: string): string {
  let number = 0;
  return xml.replace(/(<p:cNvPr id=")\d+"/g, (_, before: string) => {
    number += 1;
    return `${before}${String(number)}"`;
  });
}

/** Colours of single bars stand before the labels, the step of the labels before the last element of its axis. */
function chartOrder(xml: string): string {
  return xml
    .replace(/<c:ser>.*?<\/c:ser>/gs, (series) => {
      const points = series.match(/<c:dPt>.*?<\/c:dPt>/gs) ?? [];
      return points.length === 0 ? series : series.replace(/<c:dPt>.*?<\/c:dPt>/gs, '').replace('<c:dLbls>', `${points.join('')}<c:dLbls>`);
    })
    .replace(/(<c:noMultiLvlLbl [^>]*\/>)\s*(<c:tickLblSkip [^>]*\/>)/g, '$2$1');
}

function presentationOrder(xml: string): string {
  const notes = /<p:notesMasterIdLst>.*?<\/p:notesMasterIdLst>/s.exec(xml)?.[0];
  return notes === undefined ? xml : xml.replace(notes, '').replace('<p:sldIdLst>', `${notes}<p:sldIdLst>`);
}

const mends: [RegExp, (xml: string) => string][] = [
  [/^ppt\/slides\/slide\d+\.xml$/, (xml) => shapeNumbers(paragraphs(xml))],
  [/^ppt\/slide(Layouts|Masters)\/[^/]*\.xml$/, (xml) => shapeNumbers(paragraphs(xml))],
  [/^ppt\/charts\/chart\d+\.xml$/, chartOrder],
  [/^ppt\/presentation\.xml$/, presentationOrder],
];

/** `eastAsian`: the font of the theme for Japanese. */
export async function mend(deck: Uint8Array, eastAsian: string): Promise<Uint8Array> {
  const zip = await JSZip.loadAsync(deck);
  const change = async (path: string, by: (xml: string) => string) => {
    zip.file(path, by((await zip.file(path)?.async('string')) ?? ''));
  };
  for (const path of Object.keys(zip.files)) for (const [pattern, by] of mends) if (pattern.test(path)) await change(path, by);
  // A content type for each slide's master, though there is one master.
  await change('[Content_Types].xml', (xml) =>
    xml.replace(/<Override PartName="\/([^"]*)"[^>]*\/>/g, (override, part: string) => (zip.files[part] === undefined ? '' : override)),
  );
  await change('ppt/theme/theme1.xml', (xml) =>
    xml.replaceAll('<a:ea typeface=""/>', `<a:ea typeface="${eastAsian}"/>`).replace(/(<a:font script="Jpan" typeface=")[^"]*"/g, `$1${eastAsian}"`),
  );
  return zip.generateAsync({ type: 'uint8array', compression: 'DEFLATE' });
}
