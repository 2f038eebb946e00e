import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CHANGE_TYPES, changesOf, type ChangeType, type RegisterChange } from './registerChanges.ts';
import { afterSeeing, entityDigest, type RegisterEntity, RELEASE, storableEntity } from './registerEntity.ts';

const word = fc.constantFrom('a', 'b', 'Current', 'Superseded', 'x’y', '\u202e', '');
const maybe = fc.option(word);
const attribute = fc.oneof(
  maybe,
  fc.integer(),
  fc.array(word, { maxLength: 3 }),
  fc.record({ k: maybe, l: maybe }),
);

/** Entities of one code that know the same attributes. */
const entity: fc.Arbitrary<RegisterEntity> = fc.record({
  code: fc.constant('BSB40920'),
  title: maybe,
  status: maybe,
  supersededBy: maybe,
  attributes: fc.record({
    [RELEASE]: fc.option(fc.constantFrom('1', '2', '3')),
    website: attribute,
    scope: attribute,
  }),
});

type Attributes = RegisterEntity['attributes'];

const plain: RegisterEntity = {
  code: 'BSB40920',
  title: 'Certificate IV in Project Management Practice',
  status: 'Current',
  supersededBy: null,
  attributes: { release: '1', website: null },
};

describe('what a change is', () => {
  it('O7 tells what appeared, what disappeared, and what came back', () => {
    const { code, title } = plain;
    const told = { entityCode: code, detail: title };
    expect(changesOf(null, plain)).toEqual([
      { ...told, eventType: 'appeared', oldValue: null, newValue: 'Current' },
    ]);
    expect(changesOf(plain, null)).toEqual([
      { ...told, eventType: 'disappeared', oldValue: 'Current', newValue: null },
    ]);
    expect(changesOf(plain, plain, { wasGone: true })).toEqual([
      { ...told, eventType: 'reappeared', oldValue: null, newValue: 'Current' },
    ]);
  });

  it('O7 tells a transition, the old code and its successor, and a new release', () => {
    const after = {
      ...plain,
      status: 'Superseded',
      supersededBy: 'BSB40925',
      attributes: { release: '2', website: null },
    };
    expect(
      changesOf(plain, after).map(({ eventType, oldValue, newValue }) => [eventType, oldValue, newValue]),
    ).toEqual([
      ['status_changed', 'Current', 'Superseded'],
      ['superseded', 'BSB40920', 'BSB40925'],
      ['new_release', '1', '2'],
    ]);
  });

  it('O7 an attribute that becomes known has not changed, and one that an answer does not mention stays', () => {
    const detailed = afterSeeing(plain, { code: plain.code, attributes: { sector: 'Business' } });
    expect(detailed).toMatchObject({
      title: plain.title,
      status: 'Current',
      attributes: { release: '1', sector: 'Business' },
    });
    expect(changesOf(plain, detailed)).toEqual([]);
    const relisted = afterSeeing(detailed, {
      code: plain.code,
      status: 'Current',
      attributes: { release: '1' },
    });
    expect(entityDigest(relisted)).toBe(entityDigest(detailed));
  });

  it('O7 values that are endless are cut between characters', () => {
    const [told] = changesOf(plain, { ...plain, title: '😀'.repeat(3000) });
    expect(told?.newValue?.length).toBeLessThanOrEqual(2000);
    expect(told?.newValue?.isWellFormed()).toBe(true);
  });
});

/** Codes take each other's place: of those only that it happened has a mirror. */
function comparable({ eventType, oldValue, newValue }: RegisterChange): unknown {
  const isOfCodes = eventType === 'superseded' || eventType === 'supersession_withdrawn';
  return isOfCodes ? 'supersession' : [eventType, oldValue, newValue];
}

function mirrored(change: RegisterChange): unknown {
  return comparable({ ...change, oldValue: change.newValue, newValue: change.oldValue });
}

describe('what a database can keep', () => {
  it('O7 B54 foreign text is stored whole, without NUL and halves of characters, or cut between characters', () => {
    const seen = {
      code: 'A',
      title: '😀'.repeat(300),
      status: 'a\0b',
      attributes: { deep: [{ x: '\ud800', n: 1 }] },
    };
    const stored = storableEntity(seen);
    expect(stored.title?.length).toBeLessThanOrEqual(400);
    expect(stored.title?.isWellFormed()).toBe(true);
    expect(stored).toMatchObject({ status: 'a\uFFFDb', attributes: { deep: [{ x: '\uFFFD', n: 1 }] } });
    expect(storableEntity(stored)).toEqual(stored);
  });
});

describe('what holds of all changes', () => {
  it('O7 the same answer twice tells nothing the second time, and only equal digests are silent', () => {
    fc.assert(
      fc.property(entity, entity, (a, b) => {
        expect(changesOf(a, afterSeeing(a, a))).toEqual([]);
        expect(changesOf(a, b).length === 0).toBe(entityDigest(a) === entityDigest(b));
      }),
    );
  });

  it('O7 two entities have one digest exactly if they say the same, in whatever order', () => {
    const reversed = (value: unknown): unknown =>
      typeof value !== 'object' || value === null || Array.isArray(value)
        ? value
        : Object.fromEntries(Object.entries(value).toReversed());
    const attributes = fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), fc.jsonValue());
    fc.assert(
      fc.property(attributes, attributes, (a, b) => {
        const [one, other] = [a, b].map((each) => JSON.parse(JSON.stringify(each)) as Attributes);
        const digest = entityDigest({ ...plain, attributes: one! });
        expect(entityDigest({ ...plain, attributes: reversed(one) as Attributes })).toBe(digest);
        expect(entityDigest({ ...plain, attributes: { ...other! } }) === digest).toBe(
          isDeepStrictEqual(one, other),
        );
      }),
    );
  });

  it('O7 the way back is the mirror of the way there', () => {
    fc.assert(
      fc.property(entity, entity, (a, b) => {
        expect(changesOf(b, a).map(comparable)).toEqual(changesOf(a, b).map(mirrored));
      }),
    );
  });

  it('O7 one entity’s changes come in one order, each kind but attributes once', () => {
    fc.assert(
      fc.property(entity, entity, fc.boolean(), (a, b, wasGone) => {
        const types = changesOf(a, b, { wasGone }).map(({ eventType }) => eventType);
        const rank = (type: ChangeType) => CHANGE_TYPES.indexOf(type);
        expect(types).toEqual(types.toSorted((one, other) => rank(one) - rank(other)));
        const once = types.filter((type) => type !== 'attribute_changed');
        expect(new Set(once).size).toBe(once.length);
      }),
    );
  });

  it('O7 members may come in any order', () => {
    fc.assert(
      fc.property(entity, (a) => {
        const reversed = Object.fromEntries(Object.entries(a.attributes).toReversed());
        expect(entityDigest({ ...a, attributes: reversed })).toBe(entityDigest(a));
      }),
    );
  });
});
