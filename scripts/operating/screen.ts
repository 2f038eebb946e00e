import { styleText } from 'node:util';
import { terminalLines } from '../../shared/domain/escaping/terminalText.ts';
import type { Layout } from './layout.ts';

/** What is written to: a terminal, a pipe or a file. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

export interface Outputs {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where a command says what it has to say. */
export interface Screen extends Layout {
  /** Programs read standard output: one JSON document, nothing else. */
  readonly isJson: boolean;
  /** Somebody looks at standard error as it is written. */
  readonly showsProgress: boolean;
  readonly progress: Output;
  /** The answer: the document for programs, the lines for people. Lines are made of escaped text. */
  answer(document: unknown, lines: (layout: Layout) => readonly string[]): void;
  /** One line of an answer that has no end, as it comes. */
  stream(document: unknown, line: (layout: Layout) => string): void;
  /** Something beside the answer, for people. Foreign text is escaped here. */
  note(text: string): void;
}

export function openScreen({ stdout, stderr, env }: Outputs, isJson: boolean): Screen {
  const isColoured = stdout.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  const layout: Layout = {
    width: stdout.isTTY === true ? (stdout.columns ?? 80) : Infinity,
    paint: (style, text) => (isColoured ? styleText(style, text, { validateStream: false }) : text),
  };
  const say = (line: string): unknown => stdout.write(`${line}\n`);
  return {
    ...layout,
    isJson,
    showsProgress: stderr.isTTY === true,
    progress: stderr,
    answer: (document, lines) => {
      if (isJson) say(JSON.stringify(document, undefined, 2));
      else for (const line of lines(layout)) say(line);
    },
    stream: (document, line) => say(isJson ? JSON.stringify(document) : line(layout)),
    note: (text) => stderr.write(`${terminalLines(text)}\n`),
  };
}
