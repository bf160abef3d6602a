import { lookup } from 'node:dns/promises';
import type { InjectionToken } from '@nestjs/common';
import ipaddr from 'ipaddr.js';

/** Which addresses a channel may lead to. Everything else is the inside of somebody's network, and nobody's business from outside. */
export type Reach = 'public' | 'loopback' | 'public-or-loopback';

/** Every address a host has now. Rejects when it has none. */
export type Resolve = (host: string) => Promise<readonly string[]>;
export const RESOLVE: InjectionToken<Resolve> = Symbol('RESOLVE');

export const systemResolve: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/** The host leads to an address that a channel must not reach; the message names neither. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  readonly code = 'address-private';
  constructor() {
    super('The address of the channel leads to a private network.');
  }
}

/** Public by its range, but the inside of a cloud: it answers with the credentials of the machine. */
const METADATA_SERVICES = new Set(['168.63.129.16']);

/**
 * The addresses of a host, every one of them checked: with one inside among them the host is refused, since nobody chooses which is taken.
 * `host` is as URLs hold it, an IPv6 address in brackets.
 * @throws AddressRefused; whatever `resolve` does when the host has no address.
 */
export async function checkedAddresses(host: string, reach: Reach, resolve: Resolve): Promise<readonly string[]> {
  const literal = host.replace(/^\[(.*)\]$/, '$1');
  const addresses = ipaddr.isValid(literal) ? [literal] : await resolve(host);
  if (addresses.length === 0 || addresses.some((address) => !isReachable(address, reach))) throw new AddressRefused();
  return addresses;
}

/** IPv4 in IPv6 counts as the IPv4 address it is; translated and tunnelled ranges (NAT64, 6to4, Teredo) hide one and are refused. */
function isReachable(address: string, reach: Reach): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (range === 'loopback') return reach !== 'public';
  return range === 'unicast' && reach !== 'loopback' && !METADATA_SERVICES.has(parsed.toString());
}
