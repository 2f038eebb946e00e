import { canonicalText, cutOrNull, RELEASE, type RegisterEntity } from './registerEntity.ts';

/** Every kind of change in a register (SPEC O7), in the order in which one entity's changes are told. */
export const CHANGE_TYPES = [
  'appeared',
  'disappeared',
  'reappeared',
  'status_changed',
  'superseded',
  'supersession_withdrawn',
  'new_release',
  'title_changed',
  'attribute_changed',
] as const;

export type ChangeType = (typeof CHANGE_TYPES)[number];

/** One observed difference. Values are foreign text, cut at 2,000 characters. */
export interface RegisterChange {
  readonly eventType: ChangeType;
  readonly entityCode: string;
  /** Of `superseded` the code itself; its successor is the new value. */
  readonly oldValue: string | null;
  readonly newValue: string | null;
  /** The attribute that changed; otherwise the entity's title. */
  readonly detail: string | null;
}

const MAX_VALUE_LENGTH = 2000;

/**
 * What happened to one entity: null before it was there, null after it is gone. Nothing for entities that are equal.
 * An attribute that was not known before has not changed by becoming known. `wasGone`: it had disappeared, and is back.
 */
export function changesOf(
  before: RegisterEntity | null,
  after: RegisterEntity | null,
  { wasGone = false }: { readonly wasGone?: boolean } = {},
): RegisterChange[] {
  if (before === null) return after === null ? [] : [change('appeared', after, null, after.status)];
  if (after === null) return [change('disappeared', before, before.status, null)];
  return [
    ...(wasGone ? [change('reappeared', after, null, after.status)] : []),
    ...statusChange(before, after),
    ...supersession(before, after),
    ...releaseChange(before, after),
    ...titleChange(before, after),
    ...attributeChanges(before, after),
  ];
}

function statusChange(before: RegisterEntity, after: RegisterEntity): RegisterChange[] {
  if (before.status === after.status) return [];
  return [change('status_changed', after, before.status, after.status)];
}

function supersession(before: RegisterEntity, after: RegisterEntity): RegisterChange[] {
  const { supersededBy } = after;
  if (before.supersededBy === supersededBy) return [];
  if (supersededBy === null)
    return [change('supersession_withdrawn', after, before.supersededBy, after.code)];
  return [change('superseded', after, after.code, supersededBy)];
}

function releaseChange(before: RegisterEntity, after: RegisterEntity): RegisterChange[] {
  if (!isReleased(before, after)) return [];
  return [
    change('new_release', after, valueText(before.attributes[RELEASE]), valueText(after.attributes[RELEASE])),
  ];
}

/** A release that was withdrawn, or is the first that is known, is an attribute like others. */
function isReleased(before: RegisterEntity, after: RegisterEntity): boolean {
  const [old, now] = [before.attributes[RELEASE] ?? null, after.attributes[RELEASE] ?? null];
  return old !== null && now !== null && canonicalText(old) !== canonicalText(now);
}

function titleChange(before: RegisterEntity, after: RegisterEntity): RegisterChange[] {
  if (before.title === after.title) return [];
  return [change('title_changed', after, before.title, after.title)];
}

function attributeChanges(before: RegisterEntity, after: RegisterEntity): RegisterChange[] {
  const names = Object.keys(after.attributes).sort();
  return names.flatMap((name) => {
    if (!(name in before.attributes) || (name === RELEASE && isReleased(before, after))) return [];
    const [old, now] = [before.attributes[name], after.attributes[name]];
    if (canonicalText(old) === canonicalText(now)) return [];
    return [{ ...change('attribute_changed', after, valueText(old), valueText(now)), detail: name }];
  });
}

function change(
  eventType: ChangeType,
  { code, title }: RegisterEntity,
  oldValue: string | null,
  newValue: string | null,
): RegisterChange {
  return {
    eventType,
    entityCode: code,
    oldValue: cut(oldValue),
    newValue: cut(newValue),
    detail: cut(title),
  };
}

function valueText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return cut(typeof value === 'string' ? value : canonicalText(value));
}

const cut = (text: string | null) => cutOrNull(text, MAX_VALUE_LENGTH);
