import { hash } from 'node:crypto';

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
  const storable = storableValue(seen) as SeenEntity;
  const { title, status, supersededBy } = storable;
  const isShort =
    (title?.length ?? 0) <= MAX_TITLE_LENGTH &&
    (status?.length ?? 0) <= MAX_STATUS_LENGTH &&
    (supersededBy?.length ?? 0) <= MAX_CODE_LENGTH;
  if (isShort) return storable;
  return {
    ...storable,
    ...(title === undefined ? {} : { title: cutOrNull(title, MAX_TITLE_LENGTH) }),
    ...(status === undefined ? {} : { status: cutOrNull(status, MAX_STATUS_LENGTH) }),
    ...(supersededBy === undefined ? {} : { supersededBy: cutOrNull(supersededBy, MAX_CODE_LENGTH) }),
  };
}

/** The value itself where nothing is to be put right, which is nearly always: no copy of each page of a register. */
function storableValue(value: unknown): unknown {
  if (isStorable(value)) return value;
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(storableValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [storableText(name), storableValue(member)]),
  );
}

function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return isStorableText(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isStorable);
  const members = value as Readonly<Record<string, unknown>>;
  for (const name in members) if (!isStorableText(name) || !isStorable(members[name])) return false;
  return true;
}

function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
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
  return hash('sha256', told);
}

/** A JSON value as text that does not depend on the order of members; undefined in a list is null. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(inOrder(value) ?? null);
}

/** Copies in one order for the engine to write out: a walk does it to every entity, and text put together here costs thrice the memory. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Readonly<Record<string, unknown>>;
  const copy: Record<string, unknown> = {};
  for (const name of sorted(Object.keys(members))) copy[nameInCopy(name)] = inOrder(members[name]);
  return copy;
}

/** Set by that name, it would not become a member. */
function nameInCopy(name: string): string {
  return name === '__proto__' ? '__proto__ ' : name;
}

/** In place, by code units. For a few names the engine's own sort allocates more than the copy and its text. */
function sorted(names: string[]): string[] {
  if (names.length > 50) return names.sort();
  for (let end = 1; end < names.length; end += 1) sinkLast(names, end);
  return names;
}

/** Puts the name at `end` in its place among those before it, which are in order. */
function sinkLast(names: string[], end: number): void {
  const name = names[end] ?? '';
  let at = end;
  for (; at > 0; at -= 1) {
    const before = names[at - 1] ?? '';
    if (before <= name) break;
    names[at] = before;
  }
  names[at] = name;
}

/** A code for an entity that a register names by several values; what is too long for a code ends with a digest. */
export function compositeCode(parts: readonly string[]): string {
  const whole = parts.map((part) => part.trim()).join('/');
  if (whole.length <= MAX_CODE_LENGTH) return whole;
  const digest = hash('sha256', whole).slice(0, 16);
  return `${cutText(whole, MAX_CODE_LENGTH - digest.length - 1)}~${digest}`;
}
