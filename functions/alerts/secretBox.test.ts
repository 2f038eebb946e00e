import { describe, expect, it } from 'vitest';
import { openSecrets, SecretBoxUnopened, sealSecrets } from './secretBox.ts';

const key = 'k'.repeat(44);
const secrets = { url: 'https://example.org/?sig=hush', signingKey: 'ünïcode' };

describe('secretBox', () => {
  it('S9 opens what was sealed for the same channel under the same secret, and shows nothing of it', () => {
    const box = sealSecrets(key, 'channel-1', secrets);
    expect(openSecrets(key, 'channel-1', box)).toEqual(secrets);
    expect(box).not.toContain('hush');
    expect(Buffer.from(box.split('.')[1]!, 'base64url').toString('latin1')).not.toContain('hush');
    expect(sealSecrets(key, 'channel-1', secrets)).not.toBe(box);
    expect(openSecrets(key, 'channel-1', null)).toEqual({});
  });

  it('S9 opens for no other channel, under no other secret, and not when a byte was changed', () => {
    const box = sealSecrets(key, 'channel-1', secrets);
    const bytes = Buffer.from(box.slice(3), 'base64url');
    bytes[bytes.length - 1]! ^= 1;
    const wrong: [string, string, string][] = [
      [key, 'channel-2', box],
      ['l'.repeat(44), 'channel-1', box],
      [key, 'channel-1', `v1.${bytes.toString('base64url')}`],
      [key, 'channel-1', 'v1.'],
      [key, 'channel-1', box.replace('v1', 'v2')],
    ];
    for (const parts of wrong) expect(() => openSecrets(...parts)).toThrow(SecretBoxUnopened);
  });
});
