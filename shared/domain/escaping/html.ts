import { visibleLine } from './visible.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Foreign text inside an HTML element or a quoted attribute. One line; no address is made a link. */
export function htmlText(text: string): string {
  return visibleLine(text).replace(/[&<>"'`]/g, (character) => entities[character] ?? character);
}
