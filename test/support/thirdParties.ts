import type { Settings } from '../../functions/platform/settings.ts';
import type { ThirdParties } from '../../local/third-parties/server.ts';
import { partySettings } from '../../local/third-parties/settings.ts';

/** Settings under which connectors speak to the simulated APIs, as fast as they can. */
export function thirdPartySettings({ port }: ThirdParties): Partial<Settings> {
  return {
    ...(partySettings(`http://127.0.0.1:${String(port)}`) as Partial<Settings>),
    API_ALLOW_PRIVATE_ADDRESSES: true,
    PEOPLE_REQUESTS_PER_SECOND: 1000,
    DONATIONS_REQUESTS_PER_SECOND: 1000,
    BOOKKEEPING_REQUESTS_PER_SECOND: 1000,
    TGA_REQUESTS_PER_SECOND: 1000,
  };
}
