import type { DeliveryView } from '../../shared/contract/alerts.ts';
import type { RotationMode } from '../../shared/contract/keyRotation.ts';
import type { RotationParts } from './rotation.ts';

const POLL_MS = 5_000;
/** The platform sends each minute, and a channel has twenty seconds to answer; who does not hear of it by then will not soon. */
const NOTICE_MS = 10 * 60_000;

type NoticeParts = Pick<RotationParts, 'sendNotice' | 'withoutNotice' | 'holdOn' | 'say' | 'now' | 'sleep'>;

/**
 * Has the platform tell the owner, and waits until one channel has taken it; gives by which. Throws where none does: no key is touched
 * then, unless an operator says why the owner need not hear of it this way.
 */
export async function tellOwner(parts: NoticeParts, id: string, mode: RotationMode): Promise<string> {
  const reason = parts.withoutNotice?.trim() ?? '';
  if (reason !== '') return `not by the platform: ${reason}`;
  const giveUpAt = parts.now().getTime() + NOTICE_MS;
  for (;;) {
    const deliveries = await parts.sendNotice(id, mode);
    const taken = deliveries.filter(({ status }) => status === 'delivered');
    if (taken.length > 0) return `through ${taken.map(({ channelName }) => channelName).join(', ')}`;
    const isHopeless = deliveries.every(({ status }) => status === 'failed');
    if (isHopeless || parts.now().getTime() > giveUpAt) throw new Error(refusal(deliveries));
    await parts.sleep(POLL_MS);
    await parts.holdOn();
  }
}

function refusal(deliveries: readonly DeliveryView[]): string {
  const why = deliveries.map(
    ({ channelName, status, lastError }) =>
      `${channelName} ${status}${lastError === null ? '' : `, ${lastError}`}`,
  );
  const said = why.length === 0 ? 'there is no channel that it could go through' : why.join('; ');
  return `the owner was not told (${said}); wanted: a channel that works, or --without-notice "why not"`;
}
