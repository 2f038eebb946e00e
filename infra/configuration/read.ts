import type { z } from 'zod';
import { type StackConfiguration, stackConfiguration } from './schema.ts';

/** Reads a stack's configuration; throws one error that names everything that is missing or wrong, never a value of a secret. */
export function readConfiguration(values: Readonly<Record<string, unknown>>): StackConfiguration {
  const parsed = stackConfiguration.safeParse(values);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${placeOf(issue.path)}: ${textOf(issue)}`);
  throw new TypeError(
    `The configuration of this stack is missing something or wrong (Pulumi.<stack>.yaml, pulumi config set --path …):\n  ${faults.join('\n  ')}`,
  );
}

/** What Pulumi hands over: texts, those of objects, lists, numbers and booleans as JSON. */
export function valuesOf(texts: Readonly<Record<string, string>>, project: string): Record<string, unknown> {
  const own = Object.entries(texts).filter(([key]) => key.startsWith(`${project}:`));
  return Object.fromEntries(own.map(([key, text]) => [key.slice(project.length + 1), valueOf(text)]));
}

function valueOf(text: string): unknown {
  if (!/^(?:[[{]|true$|false$|-?\d+(?:\.\d+)?$)/.test(text)) return text;
  return JSON.parse(text) as unknown;
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'configuration' : path.map(String).join('.');
}

function textOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'))
    return `is missing; wanted: ${issue.expected === 'object' ? 'what is in it (docs/infrastructure.md)' : issue.expected}`;
  if (issue.code === 'unrecognized_keys') return `knows no ${issue.keys.join(', ')}`;
  return issue.message;
}
