import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIPv6, type LookupFunction } from 'node:net';
import { checkedAddresses, type Reach, type Resolve } from './address-guard';

export interface OutboundPost {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly reach: Reach;
  readonly resolve: Resolve;
  readonly signal: AbortSignal;
}

export interface OutboundAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
}

/** No answer came. `nothingSent`: the connection was never there, so the receiver cannot have heard a word. */
export class OutboundFailure extends Error {
  override readonly name = 'OutboundFailure';
  constructor(
    override readonly cause: unknown,
    readonly nothingSent: boolean,
  ) {
    super('The receiver did not answer.');
  }
}

/**
 * Posts JSON to an address somebody else chose. The addresses of its host are checked and pinned: the connection goes to one of those that were
 * checked, whatever the name means a moment later. Redirects are not followed: they would lead elsewhere. The answer's body is not read.
 * @throws AddressRefused, OutboundFailure
 */
export async function postJson(post: OutboundPost): Promise<OutboundAnswer> {
  const addresses = await addressesOf(post);
  return new Promise((resolve, reject) => {
    const { url, headers, body, signal } = post;
    const isSecure = url.protocol === 'https:';
    const options: RequestOptions = {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body), ...headers },
      lookup: pinned(addresses),
      // A connection of its own: one kept open was checked at another time.
      agent: false,
      signal,
    };
    let isConnected = false;
    const request = (isSecure ? httpsRequest : httpRequest)(url, options, (response) => {
      const retryAfter = response.headers['retry-after'] ?? null;
      response.destroy();
      resolve({ status: response.statusCode ?? 0, retryAfter });
    });
    request.on('socket', (socket) => {
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        isConnected = true;
      });
    });
    request.on('error', (error) => {
      reject(new OutboundFailure(signal.aborted ? signal.reason : error, !isConnected));
    });
    request.end(body);
  });
}

/** A name that cannot be looked up in time was not sent anything. */
async function addressesOf({ url, reach, resolve, signal }: OutboundPost): Promise<readonly string[]> {
  const looked = checkedAddresses(url.hostname, reach, async (host) => {
    try {
      return await Promise.race([resolve(host), aborted(signal)]);
    } catch (error) {
      throw new OutboundFailure(error, true);
    }
  });
  return looked;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** Answers every look-up of a connection with what was checked. */
function pinned(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_host, options, done) => {
    const [first] = found;
    if (options.all === true) done(null, found);
    else done(null, first?.address ?? '', first?.family);
  };
}
