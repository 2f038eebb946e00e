import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cardRunText } from './card.ts';
import { csvCell } from './csv.ts';
import { htmlText } from './html.ts';
import { jsonLine } from './jsonLine.ts';
import { mailHeaderText, mailQuote } from './mail.ts';
import { pageText } from './page.ts';
import { terminalLines, terminalText } from './terminalText.ts';
import { atMost, visibleLine } from './visible.ts';

const attacks = [
  '\u001b[2J\u001b[H all is well',
  '\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007',
  '\u009b31m red',
  'a.geo\r\nBcc: everybody@example.com\r\n\r\nhello',
  'a.geo\n.\nMAIL FROM:<x@y>',
  'report\u202egpj.exe',
  '\u2066\u2067hidden\u2069',
  'a\u2028b\u2029c\u0085d',
  '=HYPERLINK("https://evil.example","open")',
  "+1+cmd|' /C calc'!A0",
  '@SUM(1+1)',
  '\t=1+1',
  '-2+3',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</td></tr></table><h1>All clear</h1>',
  '&lt;already&gt;',
  '[All clear](https://evil.example)',
  '**CRITICAL** resolved',
  '{{DATE(2026-01-01T00:00:00Z, SHORT)}}',
  '{{{DATE(2026-01-01T00:00:00Z)}}}',
  '${expression} @{workflow()}',
  '<at>Everyone</at>',
  '\u200b\ufeff\u{e0041}\u{e007f}',
  'half \ud800 of a pair',
  '\u0000',
];
/** File names as an attacker, an accident or a foreign alphabet makes them. */
const hostile = fc.oneof(
  fc.constantFrom(...attacks),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(fc.oneof(fc.constantFrom(...attacks), fc.string({ unit: 'binary', maxLength: 5 })), {
      maxLength: 5,
    })
    .map((parts) => parts.join('')),
);
/** Everything that a terminal obeys, that begins a line, or that turns or hides text. */
const dangerous =
  /\p{Cc}|\p{Cs}|[\u2028\u2029\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/u;

const always = (claim: (text: string) => void): void => {
  fc.assert(fc.property(hostile, claim), { numRuns: 2000 });
};

describe('escaping of foreign text', () => {
  it.each([
    ['terminal', terminalText],
    ['card', cardRunText],
    ['page', pageText],
    ['HTML', htmlText],
    ['CSV', csvCell],
    ['mail header', mailHeaderText],
    ['line', visibleLine],
  ])('S9 no control character, line end or turned direction is left for a %s', (_, escape) => {
    always((text) => {
      expect(escape(text)).not.toMatch(dangerous);
    });
  });

  it('S9 leaves ordinary names as they are, in any alphabet', () => {
    for (const name of ['2026-11-22/Probe 7_µm.geo', 'Größe ☃ 測定.dat', 'נתונים.csv', 'a😀b.txt']) {
      expect(terminalText(name)).toBe(name);
      expect(cardRunText(name)).toBe(name);
      expect(htmlText(name)).toBe(name);
      expect(csvCell(name)).toBe(`"${name}"`);
    }
  });

  it('S9 of a text of ours only the line ends are left', () => {
    always((text) => {
      for (const line of terminalLines(`first\r\n${text}\nlast`).split('\n'))
        expect(line).not.toMatch(dangerous);
    });
    expect(terminalLines('first\r\nsecond\u001b[2J')).toBe('first\nsecond\\u{1b}[2J');
  });

  it('S9 shows what cannot be seen by its code', () => {
    expect(terminalText('report\u202egpj.exe\u001b[2J')).toBe('report\\u{202e}gpj.exe\\u{1b}[2J');
    expect(terminalText('half \ud800')).toBe('half \\u{d800}');
  });

  it('S9 HTML holds no tag, no attribute and no entity of foreign making', () => {
    always((text) => {
      const html = htmlText(text);
      expect(html).not.toMatch(/[<>"'`]/);
      expect(html.replace(/&(?:amp|lt|gt|quot|#39|#96);/g, '')).not.toContain('&');
    });
  });

  it('S9 a CSV cell is one cell and no formula', () => {
    always((text) => {
      const cell = csvCell(text);
      expect(cell).toMatch(/^"(?:[^"]|"")*"$/s);
      expect(cell.slice(1)).not.toMatch(/^\s*[=+\-@|%＝＋－＠]/);
    });
  });

  it('S9 a card run computes nothing', () => {
    always((text) => {
      expect(cardRunText(text)).not.toContain('{{');
    });
  });

  it('S9 a page holds no markup', () => {
    always((text) => {
      expect(pageText(text)).not.toMatch(/[<>]/);
    });
  });

  it('S9 every line of a quotation in a mail is marked as quoted', () => {
    always((text) => {
      for (const line of mailQuote(text).split('\n')) {
        expect(line.startsWith('  | ')).toBe(true);
        expect(line).not.toMatch(dangerous);
      }
    });
  });

  it('S9 a mail header is one bounded line', () => {
    always((text) => {
      expect(mailHeaderText(text).length).toBeLessThanOrEqual(250);
    });
  });

  it('S9 a log line is one line that no viewer obeys, and means the same', () => {
    always((text) => {
      const line = jsonLine(JSON.stringify({ [text]: text }));
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(JSON.parse(line)).toEqual({ [text]: text });
    });
  });

  it('S9 a cut text is bounded and splits no character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, maxLength) => {
        const cut = atMost(text, maxLength);
        expect(cut.length).toBeLessThanOrEqual(maxLength);
        expect(cut).not.toMatch(/\p{Cs}/u);
      }),
    );
  });
});
