import { z } from 'zod';
import { isRequired, type Setting } from '../../shared/settings/setting.ts';

interface Shape {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

/** What a setting takes, read off its type: `whole seconds, over 0`. */
export function valueText(setting: Setting): string {
  const shape = z.toJSONSchema(setting.type, { io: 'output', unrepresentable: 'any' }) as Shape;
  const text = kindText(shape, setting.unit);
  return setting.secret === true ? `secret, ${text}` : text;
}

function kindText(shape: Shape, unit: string | undefined): string {
  if (shape.enum !== undefined) return shape.enum.map((value) => `\`${value}\``).join(', ');
  switch (shape.type) {
    case 'boolean':
      return '`true` or `false`';
    case 'integer':
      return `whole ${unit ?? 'number'}${rangeText(shape)}`;
    case 'number':
      return `${unit ?? 'number'}${rangeText(shape)}`;
    case 'array':
      return 'list';
    default:
      if (shape.format === 'uri') return 'address';
      return (shape.minLength ?? 0) > 1 ? `text, at least ${String(shape.minLength)} characters` : 'text';
  }
}

/** The bounds of whole numbers themselves are none of the setting's. */
function rangeText({ minimum, exclusiveMinimum, maximum }: Shape): string {
  const isBound = (bound: number | undefined): bound is number =>
    bound !== undefined && Number.isFinite(bound) && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  const least = isBound(minimum) ? String(minimum) : undefined;
  const over = isBound(exclusiveMinimum) ? `over ${String(exclusiveMinimum)}` : undefined;
  const most = isBound(maximum) ? String(maximum) : undefined;
  if (least !== undefined) return most === undefined ? `, at least ${least}` : `, ${least} to ${most}`;
  return [over, most === undefined ? undefined : `at most ${most}`]
    .filter((part) => part !== undefined)
    .map((part) => `, ${part}`)
    .join('');
}

/** What counts where the setting is absent. */
export function defaultText(setting: Setting): string {
  if (setting.otherwise !== undefined) return setting.otherwise;
  if (isRequired(setting)) return '**required**';
  const value = setting.type.parse(undefined) as string | number | boolean | readonly string[] | undefined;
  if (value === undefined || value === '') return '';
  return `\`${typeof value === 'object' ? value.join(',') : String(value)}\``;
}
