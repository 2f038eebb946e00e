import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { quoted } from '../../shared/domain/quoted.ts';
import { wrongCall } from './ending.ts';

/** `--payload`: JSON as it stands, `@file`, or `-` for standard input. Throws an `Ending` for what is no JSON object. */
export async function readPayload(
  given: string,
  stdin: NodeJS.ReadableStream,
): Promise<Record<string, unknown>> {
  const { source, json } = await readSource(given, stdin);
  const value = parsed(source, json);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw wrongCall(`${source} holds ${kindOf(value)}; wanted: a JSON object, {"key": "value"}`);
}

async function readSource(
  given: string,
  stdin: NodeJS.ReadableStream,
): Promise<{ readonly source: string; readonly json: string }> {
  if (given === '-') return { source: 'Standard input', json: await text(stdin) };
  if (!given.startsWith('@')) return { source: 'The payload', json: given };
  const path = given.slice(1);
  try {
    return { source: quoted(path), json: await readFile(path, 'utf8') };
  } catch (cause) {
    throw wrongCall(
      `The payload's file ${quoted(path)} cannot be read (${(cause as { code?: string }).code ?? 'unknown'})`,
    );
  }
}

function parsed(source: string, json: string): unknown {
  try {
    // A byte order mark is what some editors write before everything else.
    return JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw wrongCall(
      `${source} is no JSON: ${reason}`,
      'In a shell, put it between single quotes: \'{"key": "value"}\'',
    );
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
