import { pino, type Logger } from 'pino';
import { jsonLine } from '../../shared/domain/escaping/jsonLine.ts';
import { terminalText } from '../../shared/domain/escaping/terminalText.ts';
import { quoted } from '../../shared/domain/quoted.ts';
import { createFloodGate, type FloodLimits, type HeldBack } from './flood.ts';
import { redact } from './redact.ts';

/** What the agent's parts log through: facts first, then the sentence. */
export type AgentLog = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** The log of the process, which also keeps its lines once there is a place for them. */
export interface ProcessLog extends AgentLog {
  /** Hands each line from now on, as JSON and with its line end, to `keep`. Undefined ends that. */
  keepIn(keep: ((line: string) => void) | undefined): void;
}

export interface LogOptions {
  readonly level: string;
  /** `json`: one object a line. `line`: one readable line. */
  readonly format: 'json' | 'line';
  readonly write: (line: string) => void;
  readonly limits?: FloodLimits;
  readonly monotonicMs?: () => number;
}

const LIMITS: FloodLimits = { sameAMinute: 200, allAMinute: 2000 };
/** In characters; facts of a longer line are left out. */
const MAX_LINE = 16_000;
const MAX_MESSAGE = 4000;
/** pino's number for `warn`. */
const URGENT = 40;

/**
 * The process's log. Every line passes through `redact`, so no part has to remember to; of a flood the first lines are
 * written and the rest counted.
 */
export function createLog(options: LogOptions): ProcessLog {
  const { level, format, write, limits = LIMITS, monotonicMs = () => performance.now() } = options;
  const gate = createFloodGate(limits, monotonicMs);
  const shape = format === 'json' ? (line: string) => line : readableLine;
  let keep: ((line: string) => void) | undefined;
  const put = (raw: string) => {
    const line = bounded(withoutSecrets(raw));
    write(shape(line));
    keep?.(line);
  };
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: {
        // Before anything is made of it: a line that is held back costs next to nothing.
        logMethod(input, method, levelNumber) {
          const message = messageOf(input);
          const isOwn = message.startsWith(HELD_BACK);
          if (!isOwn) for (const held of gate.heldBack()) sayHeldBack(log, held);
          const isAdmitted = isOwn || gate.admits({ isUrgent: levelNumber >= URGENT, message });
          if (isAdmitted) method.apply(this, input);
        },
      },
    },
    { write: put },
  );
  return Object.assign(log, {
    keepIn: (next: ((line: string) => void) | undefined) => {
      keep = next;
    },
  });
}

const HELD_BACK = 'Lines were held back';

function sayHeldBack(log: Logger, { isUrgent, message, count }: HeldBack): void {
  const facts = { heldBack: count, like: message };
  if (isUrgent) log.warn(facts, `${HELD_BACK}: the same came too often`);
  else log.info(facts, `${HELD_BACK}: the same came too often`);
}

function messageOf(input: readonly unknown[]): string {
  const [first, second] = input;
  if (typeof first === 'string') return first;
  return typeof second === 'string' ? second : '';
}

/**
 * Of the texts themselves and not of their JSON, where a letter of an escape stands before what follows it. The level
 * stays in front: that is how lines are told apart.
 */
function withoutSecrets(line: string): string {
  const { level, time, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const text = jsonLine(JSON.stringify(redacted(rest)));
  return `${JSON.stringify({ level, time }).slice(0, -1)}${text === '{}' ? '' : ','}${text.slice(1)}\n`;
}

function redacted(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map(redacted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, fact]) => [redact(name), redacted(fact)]));
}

function bounded(line: string): string {
  if (line.length <= MAX_LINE) return line;
  const { level, time, msg, correlationId, jobId } = JSON.parse(line) as Record<string, unknown>;
  const message = String(msg).slice(0, MAX_MESSAGE);
  const cut = { level, time, correlationId, jobId, cutFrom: line.length, msg: message };
  return `${jsonLine(JSON.stringify(cut))}\n`;
}

function readableLine(line: string): string {
  const { time, level, msg, ...facts } = JSON.parse(line) as Record<string, unknown>;
  const details = Object.entries(facts).map(([name, value]) => `${terminalText(name)}=${valueText(value)}`);
  return `${String(time)} ${String(level).toUpperCase().padEnd(5)} ${[terminalText(String(msg)), ...details].join(' ')}\n`;
}

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // File names are foreign text: no control character may reach a terminal.
  return /[\s"\p{Cc}\p{Cf}]/u.test(text) ? quoted(text) : text;
}
