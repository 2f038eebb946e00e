import { BlockList, isIP } from 'node:net';

/**
 * Networks that nothing configured may reach: this machine, private, link-local (with the metadata services of clouds),
 * carrier-grade NAT, benchmarks, documentation, multicast, reserved. RFC 6890 and the IANA special-purpose registries.
 */
const inside4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // Azure's own platform address (DHCP, DNS, health, wire server): public by number, inside by meaning.
  ['168.63.129.16', 32],
] as const;

/** Of IPv6 only the global unicast range leads outside; these parts of it do not, or embed an IPv4 address. */
const inside6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const blocked4 = new BlockList();
for (const [network, prefix] of inside4) blocked4.addSubnet(network, prefix, 'ipv4');
const blocked6 = new BlockList();
for (const [network, prefix] of inside6) blocked6.addSubnet(network, prefix, 'ipv6');
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');

/** True unless the text is an IP address that is reachable on the public Internet. Mapped and translated addresses are inside. */
export function isInsideAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return blocked4.check(address, 'ipv4');
    case 6:
      return !global6.check(address, 'ipv6') || blocked6.check(address, 'ipv6');
    default:
      return true;
  }
}
