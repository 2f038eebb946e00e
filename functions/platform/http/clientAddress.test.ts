import { describe, expect, it } from 'vitest';
import { clientAddress } from './clientAddress.ts';

function addressOf(forwarded?: string): string {
  return clientAddress(new Headers(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }));
}

describe('clientAddress', () => {
  it('B53 believes only what the front end appended, not what the client wrote before it', () => {
    expect(addressOf('198.51.100.1, 203.0.113.7:51234')).toBe('203.0.113.7');
  });

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['[2001:db8::1]:51234', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['<script>', 'unknown'],
    ['', 'unknown'],
  ])('A4 reads %s as %s', (forwarded, wanted) => {
    expect(addressOf(forwarded)).toBe(wanted);
  });

  it('A4 is unknown without the header', () => {
    expect(addressOf()).toBe('unknown');
  });
});
