import { describe, expect, it } from 'vitest';
import { factsLine, plainLine, showUnseen } from './logText.ts';

const line = {
  at: '2026-04-13T02:00:05.123Z',
  receivedAt: '2026-04-13T02:00:06.000Z',
  level: 'Warning' as const,
  runnerId: 'r1',
  message: 'two\nlines',
  correlationId: null,
  jobId: null,
  facts: { path: 'a\u202eb' },
};

describe('showUnseen()', () => {
  it('F11 writes out what colours a terminal or turns the text around, and keeps letters of any script', () => {
    expect(showUnseen('a\u001b[31mred\u0007')).toBe('a\\x1b[31mred\\x07');
    expect(showUnseen('cod\u202egpj.exe')).toBe('cod\\u202egpj.exe');
    expect(showUnseen('größe 測定\ttab\nnext')).toBe('größe 測定\ttab\nnext');
  });
});

describe('factsLine()', () => {
  it('F11 says facts in short, deeper ones as they are, and null not at all', () => {
    const facts = {
      files: 73,
      error: null,
      path: 'a b.dat',
      id: 'file-1',
      list: [1, { a: 2 }],
      bad: '\u001b[0m',
    };
    expect(factsLine(facts)).toBe(' files=73 path="a b.dat" id=file-1 list=[1,{"a":2}] bad=\\x1b[0m');
    expect(factsLine(null)).toBe('');
    expect(factsLine('odd')).toBe(' "odd"');
  });
});

describe('plainLine()', () => {
  it('F11 is one line whatever the message holds', () => {
    expect(plainLine(line)).toBe('2026-04-13T02:00:05.123Z Warning [-] two\\nlines {"path":"a\\u202eb"}');
    expect(plainLine({ ...line, correlationId: 'c1', facts: null }).split('\n')).toHaveLength(1);
  });
});
