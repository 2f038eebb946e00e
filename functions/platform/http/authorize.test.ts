import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Caller, Endpoint } from '../../../shared/contract/endpoint.ts';
import { endpoints } from '../../../shared/contract/index.ts';
import { authorize, lowerRole } from './authorize.ts';
import type { Identity } from './identity.ts';
import { Problem } from './problem.ts';

const roles = ['viewer', 'operator', 'admin'] as const;

function person(role: (typeof roles)[number]): Identity {
  return { kind: 'person', userId: 'u', organizationId: 'o', email: 'e', role, by: 'session' };
}

function endpointFor(...callers: [Caller, ...Caller[]]): Endpoint {
  const open = z.unknown();
  const schemas = { params: open, query: open, body: open, response: open };
  return { name: 'n', summary: 's', method: 'GET', path: '/api/n', callers, ...schemas };
}

function may(endpoint: Endpoint, caller: Identity): boolean {
  try {
    authorize(endpoint, caller);
    return true;
  } catch (error) {
    if (error instanceof Problem && error.code === 'not-allowed') return false;
    throw error;
  }
}

describe('authorize', () => {
  it('A3 a role includes the lower ones and none above', () => {
    const allowed = roles.map((listed) => roles.map((role) => may(endpointFor(listed), person(role))));
    expect(allowed).toEqual([
      [true, true, true],
      [false, true, true],
      [false, false, true],
    ]);
  });

  it('A2 secrets and keys open only what names them, whatever the endpoint', () => {
    const holders: Identity[] = [
      { kind: 'ci' },
      { kind: 'workflow' },
      { kind: 'agent', runnerId: 'r', organizationId: 'o', generation: 1 },
    ];
    fc.assert(
      fc.property(fc.constantFrom(...endpoints), fc.constantFrom(...holders), (endpoint, holder) => {
        const named = endpoint.callers.some((caller) => caller === holder.kind || caller === 'public');
        expect(may(endpoint, holder)).toBe(named);
      }),
    );
  });

  it('A3 nobody signed in may only call what is public', () => {
    for (const endpoint of endpoints)
      expect(may(endpoint, { kind: 'public' })).toBe(endpoint.callers.includes('public'));
  });
});

describe('lowerRole', () => {
  it('A3 is the weaker of the two, in either order', () => {
    expect(lowerRole('admin', 'viewer')).toBe('viewer');
    expect(lowerRole('viewer', 'admin')).toBe('viewer');
    expect(lowerRole('operator', 'admin')).toBe('operator');
  });
});
