import type { ExitName } from './exitCodes.ts';

/** Ends the command with words for people; `hints` say what to do next. */
export class Ending extends Error {
  override readonly name = 'Ending';
  readonly exit: ExitName;
  readonly hints: readonly string[];
  /** What a program may want to know, in the JSON document. */
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(
    exit: ExitName,
    message: string,
    more: {
      readonly hints?: readonly string[];
      readonly facts?: Readonly<Record<string, unknown>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: more.cause });
    this.exit = exit;
    this.hints = more.hints ?? [];
    this.facts = more.facts ?? {};
  }
}

/** The call itself is wrong. */
export function wrongCall(message: string, ...hints: string[]): Ending {
  return new Ending('usage', message, { hints });
}
