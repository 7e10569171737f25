// Texts of detections with places for what was seen.

/** "{client} stopped {server}" with what is known; what is not known is left out with its brackets. */
export function fill(text: string, valueOf: (name: string) => string | undefined): string {
  return text
    .replace(/\{(\w+)\}/g, (_, name: string) => valueOf(name) ?? '')
    .replace(/\s*[((]\s*[、,]?\s*[))]/g, '')
    .replace(/([((])[、,]\s*/g, '$1');
}
