import { readlinkSync } from 'node:fs';

/** Where a link into the zone files leads, the zone's name is its end. */
const ZONE_FILE = /\/zoneinfo\/(?:posix\/|right\/)?([A-Z]\w*(?:\/[\w+-]+)*)$/;

/**
 * The machine's IANA time zone. Linux and macOS tell it by a link, and that is read: `Intl` reads the same link, but loads the
 * data of a language first, which is a twentieth of an agent's idle cycle. Where `TZ` names another zone, and on other systems, `Intl`
 * is asked.
 */
export function machineTimeZone(from = { env: process.env, link: '/etc/localtime' }): string {
  const linked = from.env['TZ'] === undefined ? linkedZone(from.link) : undefined;
  return linked ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function linkedZone(link: string): string | undefined {
  try {
    return ZONE_FILE.exec(readlinkSync(link))?.[1];
  } catch {
    return undefined; // no link, or not here: Intl finds out
  }
}
