import { openParty, type PartyName } from './parties.ts';
import type { ThirdParty } from './thirdParty.ts';

/** The settings by which connectors reach the parties of a server, `http://127.0.0.1:4011`. */
export function partySettings(serverUrl: string): Record<string, string> {
  const names = Object.keys(openParty) as PartyName[];
  const settings = names.flatMap((name) => {
    const party: ThirdParty = openParty[name]({ size: 0 });
    return Object.entries(party.settings(`${serverUrl}/${name}`));
  });
  return { API_ALLOW_PRIVATE_ADDRESSES: 'true', ...Object.fromEntries(settings) };
}
