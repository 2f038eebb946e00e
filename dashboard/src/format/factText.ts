import { sayCount, saySize } from './amount.ts';
import { sayDuration } from './time.ts';

/** A plain value beside its name, whose end says the unit: `sizeBytes`, `tookMs`, `needSeconds`, `hoursLeft`. */
export function factText(name: string, value: unknown): string | undefined {
  if (typeof value === 'number') return numberText(name, value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (value === null) return '–';
  return typeof value === 'string' ? value : undefined;
}

function numberText(name: string, value: number): string {
  if (/bytes$/i.test(name)) return saySize(value);
  if (/[a-z]Ms$/.test(name)) return sayDuration(value);
  if (/seconds$/i.test(name)) return sayDuration(value * 1000);
  return Number.isInteger(value) ? sayCount(value) : String(Math.round(value * 100) / 100);
}
