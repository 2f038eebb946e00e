import { z } from 'zod';
import { stackConfiguration } from '../../../infra/configuration/schema.ts';

interface Shape {
  readonly type?: string;
  readonly const?: string | number;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly oneOf?: readonly Shape[];
  readonly anyOf?: readonly Shape[];
  readonly required?: readonly string[];
}

/** Shown by a table of their own, or by docs/settings.md. */
const elsewhere = ['settings', 'secrets', 'restore'];

/** `files.redundancy`, what it is, its default: a row for each value that a stack may give. */
export function configurationRows(): readonly (readonly string[])[] {
  const shape = z.toJSONSchema(stackConfiguration, { io: 'input', unrepresentable: 'any' }) as Shape;
  return rowsOf(shape, '', '').filter(([key = '']) => !elsewhere.some((one) => key.startsWith(`\`${one}`)));
}

function rowsOf({ properties = {}, required = [] }: Shape, prefix: string, only: string): string[][] {
  return Object.entries(properties).flatMap(([key, value]) => {
    const path = `${prefix}${key}`;
    if (value.properties !== undefined) return rowsOf(value, `${path}.`, only);
    if (value.oneOf !== undefined) return variantRows(path, value.oneOf);
    if (value.const !== undefined) return [];
    const text = [only, value.description ?? ''].filter((part) => part !== '').join(' ');
    return [[`\`${path}\``, `${text}${choicesOf(value)}`, defaultOf(value, required.includes(key))]];
  });
}

function variantRows(path: string, variants: readonly Shape[]): string[][] {
  const kinds = variants.map(({ properties = {} }) => String(properties['kind']?.const));
  const choice = [
    `\`${path}.kind\``,
    kinds.map((kind) => `\`${kind}\``).join(' or '),
    `\`${kinds[0] ?? ''}\``,
  ];
  return [
    choice,
    ...variants.flatMap((variant, index) => rowsOf(variant, `${path}.`, `\`${kinds[index] ?? ''}\`:`)),
  ];
}

function choicesOf({ enum: values, anyOf = [] }: Shape): string {
  const all = values ?? anyOf.flatMap(({ const: one }) => (one === undefined ? [] : [String(one)]));
  return all.length === 0 ? '' : ` ${all.map((one) => `\`${one}\``).join(', ')}`;
}

function defaultOf({ default: value }: Shape, isRequired: boolean): string {
  if (value === undefined) return isRequired ? '**required**' : '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text === '[]' || text === '{}' ? '' : `\`${text}\``;
}
