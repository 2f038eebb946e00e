import type { LookupFunction } from 'node:net';
import type { CheckedAddress } from './resolveOutside.ts';

/** For `lookup` of a connection: answers with the addresses that were checked, whatever the name may resolve to by now. */
export function pinnedTo(addresses: readonly [CheckedAddress, ...CheckedAddress[]]): LookupFunction {
  return (_host, { all }, callback) => {
    if (all === true) callback(null, [...addresses]);
    else callback(null, addresses[0].address, addresses[0].family);
  };
}
