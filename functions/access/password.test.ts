import { describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from './password.ts';

describe('passwords', () => {
  it('A3 are kept as scrypt with their parameters and a salt of their own', async () => {
    const [one, two] = await Promise.all([
      hashPassword('the same password'),
      hashPassword('the same password'),
    ]);
    expect(one).toMatch(/^scrypt\$N=32768,r=8,p=1\$/);
    expect(one).not.toBe(two);
    expect(one).not.toContain('the same password');
  });

  it('A3 are right or wrong, however their accents were typed', async () => {
    const hash = await hashPassword('caf\u00e9 au lait');
    expect(await verifyPassword('cafe\u0301 au lait', hash)).toBe(true);
    expect(await verifyPassword('cafe au lait', hash)).toBe(false);
    expect(await verifyPassword('', hash)).toBe(false);
  });

  it('A3 of an account without one are wrong, whatever they are', async () => {
    expect(await verifyPassword('', null)).toBe(false);
  });

  it.each(['', 'plain', 'scrypt$N=1073741824,r=8,p=1$AAAA$AAAA', 'scrypt$N=32768,r=8,p=1$AAAA$AAAA'])(
    'A3 a stored hash that cannot be one (%s) is an error, and lets nobody in',
    async (hash) => {
      await expect(verifyPassword('x', hash)).rejects.toThrow(/password hash/);
    },
  );
});
