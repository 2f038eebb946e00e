import { describe, expect, it } from 'vitest';
import { clientAddress, networkOf } from './clientAddress.ts';

function addressOf(forwarded?: string, trustedProxies = 1): string {
  const headers = new Headers(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded });
  return clientAddress(headers, trustedProxies);
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

  it('A4 B53 behind two proxies it is what the outer one saw, and without any nothing is believed', () => {
    expect(addressOf('198.51.100.1, 203.0.113.7, 192.0.2.1:443', 2)).toBe('203.0.113.7');
    expect(addressOf('192.0.2.1:443', 2)).toBe('192.0.2.1');
    expect(addressOf('203.0.113.7', 0)).toBe('unknown');
  });

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:db8::6', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['unknown', 'unknown'],
  ])('A4 B53 counts %s as %s: a network has more addresses than anybody can count', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
