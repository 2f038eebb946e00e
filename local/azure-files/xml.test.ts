import { describe, expect, it } from 'vitest';
import { childText, escapeXml, nameElement, parseXml } from './xml.ts';

describe('XML', () => {
  it('L4 B24 escapes what would be markup, and encodes what XML cannot hold', () => {
    expect(escapeXml(`<a href="x">&'</a>`)).toBe('&lt;a href=&quot;x&quot;&gt;&amp;&apos;&lt;/a&gt;');
    expect(nameElement('Name', 'a\uffffb')).toBe('<Name Encoded="true">a%EF%BF%BFb</Name>');
  });

  it('L4 reads what clients send', () => {
    const root = parseXml('<?xml version="1.0"?>\n<A x="1"><B>1 &lt; 2 &#x41;</B><C /></A>');
    expect(root?.name).toBe('A');
    expect(root === undefined ? '' : childText(root, 'B')).toBe('1 < 2 A');
    expect(root === undefined ? '' : childText(root, 'C')).toBe('');
  });

  it.each([
    '',
    'text',
    '<A>',
    '<A></B>',
    '<A/><B/>',
    '</A>',
    '<A',
    '<!DOCTYPE A [<!ENTITY x "y">]><A>&x;</A>',
  ])('L4 refuses %j', (text) => {
    expect(parseXml(text)).toBeUndefined();
  });
});
