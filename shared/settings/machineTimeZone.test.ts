import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { machineTimeZone } from './machineTimeZone.ts';

const zoneOfIntl = Intl.DateTimeFormat().resolvedOptions().timeZone;
const canonical = (timeZone: string) => Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;

describe('machineTimeZone()', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'time-zone-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function zoneLinkedTo(target: string, env: NodeJS.ProcessEnv = {}): string {
    const link = join(folder, 'localtime');
    symlinkSync(target, link);
    return machineTimeZone({ env, link });
  }

  it('F8 P1 is the zone that Intl says, by whatever name', () => {
    expect(canonical(machineTimeZone())).toBe(zoneOfIntl);
  });

  it.each([
    ['/usr/share/zoneinfo/Australia/Sydney', 'Australia/Sydney'],
    ['../usr/share/zoneinfo/America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['/var/db/timezone/zoneinfo/America/Port-au-Prince', 'America/Port-au-Prince'],
    ['/usr/share/zoneinfo/posix/Etc/GMT+10', 'Etc/GMT+10'],
    ['/usr/share/zoneinfo/UTC', 'UTC'],
  ])('F8 P1 a link to %s says %s', (target, zone) => {
    expect(zoneLinkedTo(target)).toBe(zone);
  });

  it('F8 a link that leads elsewhere, or none, leaves it to Intl; so does TZ, which goes before', () => {
    expect(zoneLinkedTo('/srv/zones/local.tz')).toBe(zoneOfIntl);
    expect(machineTimeZone({ env: {}, link: join(folder, 'absent') })).toBe(zoneOfIntl);
    const link = join(folder, 'sydney');
    symlinkSync('/usr/share/zoneinfo/Australia/Sydney', link);
    expect(machineTimeZone({ env: { TZ: 'UTC' }, link })).toBe(zoneOfIntl);
  });
});
