import { describe, expect, it } from 'vitest';
import { faultsOf } from './apiCause.ts';

describe('faultsOf', () => {
  it('W4 reads the errors of JSON:API with the place in the payload', () => {
    const errors = [
      {
        status: '422',
        title: 'Invalid attribute',
        detail: 'is not an address',
        source: { pointer: '/data/attributes/email' },
      },
      { code: 'page-size', source: { parameter: 'page[size]' } },
    ];
    const faults = [
      { pointer: '/data/attributes/email', text: 'Invalid attribute: is not an address (422)' },
      { pointer: 'page[size]', text: 'page-size' },
    ];
    expect(faultsOf({ status: 422, request: 'POST https://api/people', body: { errors } })).toEqual(faults);
    expect(faultsOf({ errors })).toEqual(faults);
  });

  it('W4 whatever else an API says is no list of errors', () => {
    for (const cause of [
      null,
      undefined,
      'gone',
      7,
      [],
      { body: 'gone' },
      { errors: 'gone' },
      { errors: [{}] },
    ])
      expect(faultsOf(cause)).toEqual([]);
  });
});
