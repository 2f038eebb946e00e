import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanEnvelopes } from './cleanEnvelopes.ts';
import { secretValues } from './secretValues.ts';

/** Of letters and digits, which every way can carry. */
const secretText = fc
  .uint8Array({ minLength: 24, maxLength: 40 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));
/** By which a secret may have come there. */
const ways = fc.constantFrom<(secret: string) => string>(
  (secret) => `https://a.file.core.windows.net/s/f?sv=1&sig=${secret}&se=2`,
  (secret) => `the address https%3A%2F%2Fa%3Fsig%3D${secret}%26x was refused`,
  (secret) => `authorization: Bearer ${secret}`,
  (secret) => `AccountName=a;AccountKey=${secret};EndpointSuffix=core.windows.net`,
  (secret) => `postgres://datasync:${secret}@db.example.org:5432/DataSync`,
  (secret) => `token dst_${secret} of dsa_${secret}`,
  (secret) => `SharedKey account:${secret}`,
);
const around = fc.string({ maxLength: 20 });
const places = fc.constantFrom(
  'message',
  'url',
  'data',
  'target',
  'name',
  'stack',
  'property',
  'name of a property',
);

function envelopeWith(place: string, text: string): Record<string, unknown> {
  const properties = place === 'property' ? { detail: text } : {};
  const exceptions = place === 'stack' ? [{ typeName: 'Error', message: 'x', stack: text }] : [];
  const own = place === 'property' || place === 'stack' ? {} : { [place]: text };
  return {
    name: 'x',
    tags: { 'ai.operation.name': text },
    data: { baseData: { properties, exceptions, ...own } },
  };
}

describe('cleanEnvelopes', () => {
  it('A3 D5 no secret survives in any part of an envelope, whatever stands around it', () => {
    fc.assert(
      fc.property(secretText, ways, around, around, places, (secret, way, before, after, place) => {
        const text = `${before} ${way(secret)} ${after}`;
        expect(cleanEnvelopes(JSON.stringify([envelopeWith(place, text)]), [])).not.toContain(secret);
      }),
      { numRuns: 500 },
    );
  });

  it('A3 D3 no value of a secret setting survives, nor the keys and passwords within it, in whatever words', () => {
    fc.assert(
      fc.property(secretText, secretText, secretText, around, (authSecret, key, password, words) => {
        const secrets = secretValues({
          AUTH_SECRET: authSecret,
          FILES_CONNECTION_STRING: `AccountName=a;AccountKey=${key};FileEndpoint=https://a`,
          DATABASE_URL: `mssql://user:${password}@host/DataSync`,
          LOG_LEVEL: 'a-long-harmless-text',
        });
        const text = `${words}${authSecret}${words} ${key} ${password} a-long-harmless-text`;
        const clean = cleanEnvelopes(JSON.stringify([envelopeWith('property', text)]), secrets);
        for (const secret of [authSecret, key, password]) expect(clean).not.toContain(secret);
        expect(clean).toContain('a-long-harmless-text');
      }),
    );
  });

  it('A3 takes out a property whose name says that it is secret', () => {
    const envelope = { data: { baseData: { properties: { password: 'zzz', leaseToken: 'kept' } } } };
    const clean = cleanEnvelopes(JSON.stringify([envelope]), []);
    expect(clean).not.toContain('zzz');
    expect(clean).toContain('kept');
  });

  it('D5 says how many an envelope stands for where itemCount is made of it', () => {
    const envelope = {
      name: 'x',
      sampleRate: 100,
      data: { baseData: { properties: { standsFor: '4', kept: 'k' } } },
    };
    expect(JSON.parse(cleanEnvelopes(JSON.stringify([envelope]), []))).toEqual([
      { name: 'x', sampleRate: 25, data: { baseData: { properties: { kept: 'k' } } } },
    ]);
  });

  it('A3 sends nothing that it cannot read', () => {
    expect(() => cleanEnvelopes(new Uint8Array([1]), [])).toThrow('was not sent');
    expect(() => cleanEnvelopes('sig=abc', [])).toThrow();
  });
});
