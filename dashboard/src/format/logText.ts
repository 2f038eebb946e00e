import type { LogLine } from '../../../shared/contract/logs.ts';
import type { Mark } from './marks.ts';

export const levelMarks: Record<LogLine['level'], Mark> = {
  Debug: { shape: 'idle', word: 'Debug' },
  Information: { shape: 'idle', word: 'Info' },
  Warning: { shape: 'warn', word: 'Warning' },
  Error: { shape: 'bad', word: 'Error' },
};

/** Control and format characters (those that turn the direction of the text are such), and the odd line ends. */
const unseen = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Foreign text with what would not be seen, or would change how the rest is seen, written out: `\x1b`, `\u202e`. */
export function showUnseen(text: string): string {
  return text.replace(unseen, (character) => {
    if (character === '\n' || character === '\t') return character;
    const hex = (character.codePointAt(0) ?? 0).toString(16);
    return hex.length <= 2 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`;
  });
}

/** A line's facts beside its message: ` files=73 backlog=1 path="a b"`; what is null says nothing. */
export function factsLine(facts: unknown): string {
  if (facts === null || facts === undefined) return '';
  if (typeof facts !== 'object' || Array.isArray(facts)) return ` ${showUnseen(JSON.stringify(facts))}`;
  return Object.entries(facts)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => ` ${showUnseen(name)}=${factText(value)}`)
    .join('');
}

function factText(value: unknown): string {
  const isPlain = typeof value === 'string' && /^[^\s"=]+$/.test(value);
  return showUnseen(isPlain ? value : JSON.stringify(value));
}

/** A line as it is copied: one line of text whatever its message holds, so that none can pass for another. */
export function plainLine(line: LogLine): string {
  const message = showUnseen(line.message).replaceAll('\n', '\\n');
  const facts =
    line.facts === null || line.facts === undefined ? '' : ` ${showUnseen(JSON.stringify(line.facts))}`;
  return `${line.at} ${line.level} [${line.correlationId ?? '-'}] ${message}${facts}`;
}
