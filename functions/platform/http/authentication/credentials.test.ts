import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCredentials } from './credentials.ts';

function read(headers: Record<string, string>) {
  return readCredentials(new Headers(headers));
}

describe('readCredentials', () => {
  it.each([
    [{}, { kind: 'none' }],
    [{ authorization: 'Bearer dst_abc' }, { kind: 'personal-token', secret: 'dst_abc' }],
    [{ authorization: 'bearer  key' }, { kind: 'bearer', secret: 'key' }],
    [{ authorization: 'Basic dXNlcjpwYXNz' }, { kind: 'unreadable' }],
    [{ authorization: 'Bearer ' }, { kind: 'unreadable' }],
    [{ 'X-CI-Secret': 's' }, { kind: 'ci-secret', secret: 's' }],
    [{ 'x-api-key': 's' }, { kind: 'workflow-key', secret: 's' }],
    [{ cookie: 'a=1; datasync_session=t; b=2' }, { kind: 'session', secret: 't' }],
    [{ cookie: 'xdatasync_session=t' }, { kind: 'none' }],
  ])('A3 reads %o as %o', (headers, wanted) => {
    expect(read(headers)).toEqual(wanted);
  });

  it('A3 a header that says who calls counts more than a cookie that came along', () => {
    const headers = { authorization: 'Bearer dst_abc', cookie: 'datasync_session=t' };
    expect(read(headers).kind).toBe('personal-token');
  });

  it('A3 takes no secret of a size that would cost something to hash', () => {
    const header = fc.constantFrom('authorization', 'x-ci-secret', 'x-api-key');
    fc.assert(
      fc.property(header, fc.integer({ min: 513, max: 5000 }), (name, length) => {
        const secret = 'x'.repeat(length);
        const value = name === 'authorization' ? `Bearer ${secret}` : secret;
        expect(read({ [name]: value }).kind).toBe('unreadable');
      }),
    );
  });
});
