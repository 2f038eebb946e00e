import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isInsideAddress } from './addresses.ts';
import { OutsideFault } from './outsideFault.ts';

export interface CheckedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Addresses of a host, each checked; throws OutsideFault `refused` when one of them is inside the network. */
export type ResolveOutside = (host: string) => Promise<readonly [CheckedAddress, ...CheckedAddress[]]>;

export interface OutboundOptions {
  /** True: addresses inside the network, and http, are allowed. Local platform and tests only. */
  readonly allowPrivateAddresses: boolean;
  /** All addresses of a name, as `dns.lookup` gives them. */
  readonly lookupAll?: (host: string) => Promise<readonly { address: string; family: number }[]>;
}

/**
 * Resolves a name once; whoever connects uses the addresses given back and asks no second time, so that a name which
 * changes its answer (DNS rebinding) gains nothing. One inside address among several refuses the name.
 */
export function createResolveOutside(options: OutboundOptions): ResolveOutside {
  const lookupAll = options.lookupAll ?? ((host) => lookup(host, { all: true, order: 'verbatim' }));
  return async (host) => {
    const bare = host.replace(/^\[(.*)\]$/, '$1');
    const found = isIP(bare) === 0 ? await resolve(bare, lookupAll) : [{ address: bare, family: isIP(bare) }];
    const addresses = found.map(
      ({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }) as const,
    );
    const inside = addresses.find(({ address }) => isInsideAddress(address));
    if (inside !== undefined && !options.allowPrivateAddresses) {
      throw new OutsideFault(
        'refused',
        `Connecting to ${bare} was refused: its address ${inside.address} is inside the network; wanted a public one`,
      );
    }
    const [first, ...others] = addresses;
    if (first === undefined) throw new OutsideFault('unreachable', `${bare} has no address`);
    return [first, ...others];
  };
}

async function resolve(
  host: string,
  lookupAll: NonNullable<OutboundOptions['lookupAll']>,
): Promise<readonly { address: string; family: number }[]> {
  try {
    return await lookupAll(host);
  } catch (error) {
    throw new OutsideFault('unreachable', `The name ${host} could not be resolved`, { cause: error });
  }
}
