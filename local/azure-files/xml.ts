/** Text that XML 1.0 cannot hold at all, even escaped: control characters other than tab, line feed and return. */
// oxlint-disable-next-line no-control-regex
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** Escapes text for element content and attribute values. */
export function escapeXml(text: string): string {
  if (!/[&<>"'\r]/.test(text)) return text;
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;')
    .replaceAll('\r', '&#xD;');
}

/** `<name>value</name>`; nothing at all for an absent value, because Azure leaves absent fields out. */
export function element(name: string, value: string | number | boolean | undefined): string {
  return value === undefined ? '' : `<${name}>${escapeXml(String(value))}</${name}>`;
}

/** An element around ready XML. */
export function wrap(name: string, ...inner: readonly string[]): string {
  return `<${name}>${inner.join('')}</${name}>`;
}

/** Whether XML can hold a text at all. */
export function isXmlText(text: string): boolean {
  return !NOT_XML.test(text);
}

/** A name element; one that XML cannot hold is percent-encoded and says so, as Azure does. */
export function nameElement(name: string, value: string): string {
  if (isXmlText(value)) return element(name, value);
  return `<${name} Encoded="true">${escapeXml(encodeURIComponent(value))}</${name}>`;
}

/** A whole document with Azure's declaration. */
export function document(root: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>${root}`;
}

export interface XmlNode {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlNode[];
}

/**
 * Reads the small documents clients send (access policies, service properties): elements and text, no DTD.
 * Answers undefined for anything that is not well-formed.
 */
export function parseXml(text: string): XmlNode | undefined {
  const body = text.replace(/^\uFEFF/, '').replace(/^\s*<\?xml[^?]*\?>/, '');
  const stack: { name: string; text: string; children: XmlNode[] }[] = [{ name: '', text: '', children: [] }];
  const token = /<(\/?)([A-Za-z][\w.-]*)(?:\s[^<>]*?)?(\/?)>|([^<]+)/gy;
  let end = 0;
  for (let match = token.exec(body); match !== null; match = token.exec(body)) {
    end = token.lastIndex;
    const [, closing, name, empty, content] = match;
    const top = stack.at(-1);
    if (top === undefined) return undefined;
    if (content !== undefined) top.text += unescapeXml(content);
    else if (closing === '/') {
      stack.pop();
      if (top.name !== name || stack.length === 0) return undefined;
    } else {
      const node = { name: name ?? '', text: '', children: [] };
      top.children.push(node);
      if (empty !== '/') stack.push(node);
    }
  }
  const root = stack[0];
  if (end !== body.length || stack.length !== 1 || root?.children.length !== 1) return undefined;
  return root.children[0];
}

/** The text of a child element, trimmed of nothing; undefined when it is not there. */
export function childText(node: XmlNode, name: string): string | undefined {
  return node.children.find((child) => child.name === name)?.text;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(#x[0-9a-fA-F]+|#\d+|[a-z]+);/g, (whole, entity: string) => {
    if (entity.startsWith('#x')) return codePoint(Number.parseInt(entity.slice(2), 16), whole);
    if (entity.startsWith('#')) return codePoint(Number.parseInt(entity.slice(1), 10), whole);
    return ENTITIES[entity] ?? whole;
  });
}

function codePoint(value: number, otherwise: string): string {
  return value <= 0x10ffff ? String.fromCodePoint(value) : otherwise;
}
