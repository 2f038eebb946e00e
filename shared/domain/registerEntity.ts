import { createHash } from 'node:crypto';

/** What is known of one entity of a register. An attribute that is not among `attributes` is not known; null: it has none. */
export interface RegisterEntity {
  readonly code: string;
  readonly title: string | null;
  readonly status: string | null;
  /** The code that took its place. */
  readonly supersededBy: string | null;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What one answer of a register says of an entity: what it does not mention stays as it was known. */
export type SeenEntity = Pick<RegisterEntity, 'code'> & Partial<Omit<RegisterEntity, 'code'>>;

/** The attribute that holds the number of the newest release. */
export const RELEASE = 'release';

/** Longer codes cannot be keys; longer titles and statuses are cut. */
export const MAX_CODE_LENGTH = 150;
const MAX_TITLE_LENGTH = 400;
const MAX_STATUS_LENGTH = 60;

/** What an answer said, in a form that every database keeps as it is: without NUL and halves of characters, and not endless. */
export function storableEntity(seen: SeenEntity): SeenEntity {
  const { title, status, supersededBy } = seen;
  return {
    ...(storableValue(seen) as SeenEntity),
    ...(title === undefined ? {} : { title: cutOrNull(title, MAX_TITLE_LENGTH) }),
    ...(status === undefined ? {} : { status: cutOrNull(status, MAX_STATUS_LENGTH) }),
    ...(supersededBy === undefined ? {} : { supersededBy: cutOrNull(supersededBy, MAX_CODE_LENGTH) }),
  };
}

function storableValue(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(storableValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [storableText(name), storableValue(member)]),
  );
}

function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

export function cutOrNull(text: string | null, maxLength: number): string | null {
  return text === null ? null : cutText(text, maxLength);
}

/** Foreign text of at most so many characters, cut between characters. */
function cutText(text: string, maxLength: number): string {
  const whole = storableText(text);
  if (whole.length <= maxLength) return whole;
  return `${whole.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** What is known after an answer; `known` is undefined for an entity that is met for the first time. */
export function afterSeeing(known: RegisterEntity | undefined, seen: SeenEntity): RegisterEntity {
  const { title, status, supersededBy } = seen;
  return {
    code: seen.code,
    title: title === undefined ? (known?.title ?? null) : title,
    status: status === undefined ? (known?.status ?? null) : status,
    supersededBy: supersededBy === undefined ? (known?.supersededBy ?? null) : supersededBy,
    attributes: { ...known?.attributes, ...seen.attributes },
  };
}

/** SHA-256 (hex) of all that a change is told by, whatever order members stand in: equal means that there is nothing to tell. */
export function entityDigest({ title, status, supersededBy, attributes }: RegisterEntity): string {
  const told = canonicalText([title, status, supersededBy, attributes]);
  return createHash('sha256').update(told).digest('hex');
}

/** A JSON value as text that does not depend on the order of members; undefined is null. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalText(member)}`);
  return `{${members.join(',')}}`;
}

/** A code for an entity that a register names by several values; what is too long for a code ends with a digest. */
export function compositeCode(parts: readonly string[]): string {
  const whole = parts.map((part) => part.trim()).join('/');
  if (whole.length <= MAX_CODE_LENGTH) return whole;
  const digest = createHash('sha256').update(whole).digest('hex').slice(0, 16);
  return `${cutText(whole, MAX_CODE_LENGTH - digest.length - 1)}~${digest}`;
}
