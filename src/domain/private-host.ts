// Hosts that lead to this machine or into a private network, as far as their names tell.
import { BlockList, isIPv4, isIPv6 } from "node:net";

/** RFC 1918, 1122, 3927, 6598, 5737, 2544, 6890; RFC 4193, 4291, 3849; and multicast. */
const PRIVATE = new BlockList();
for (const [address, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const)
  PRIVATE.addSubnet(address, prefix, "ipv4");
for (const [address, prefix] of [
  ["::", 96],
  ["64:ff9b::", 96],
  ["100::", 64],
  ["2001:db8::", 32],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const)
  PRIVATE.addSubnet(address, prefix, "ipv6");

/**
 * Is `host` (a name, an IPv4 address in any notation, or an IPv6 address in brackets) local or private? Names are not resolved; one
 * without a dot counts as private.
 */
export function isPrivateHost(host: string): boolean {
  const name = canonical(host);
  if (name === null) return true;
  if (isIPv4(name)) return PRIVATE.check(name, "ipv4");
  if (isIPv6(name)) return PRIVATE.check(name, "ipv6");
  return !name.includes(".") || /(?:^|\.)(?:localhost|local|internal|lan|home\.arpa)$/.test(name);
}

/** As a browser reads it: `0x7f.1` is 127.0.0.1. Null where it is no host at all. */
function canonical(host: string): string | null {
  try {
    return new URL(`http://${host}/`).hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  } catch {
    return null;
  }
}
