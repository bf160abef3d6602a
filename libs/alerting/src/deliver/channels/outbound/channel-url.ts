import type { Configuration } from '@app/platform';
import { Refusal } from '@app/platform';
import { isLoopback } from '../../../register-channel/webhook-url';
import { AddressRefused, checkedAddresses, type Reach, type Resolve } from './address-guard';

/** Longest wait for the look-up of a name while a channel is registered; the name is looked up again before every message. */
const LOOKUP_MS_MAX = 2_000;

/** What a kind of channel may lead to beside public hosts. */
export interface UrlPolicy {
  readonly allowed: Configuration['allowPrivateWebhooks'];
  /** Slack webhooks may go to a relay on this machine, as they always could. */
  readonly httpToLoopback: boolean;
}

/** Where a channel may lead: plain http stays on this machine, where nobody in between can read it. */
export function reachOf(url: URL, { allowed, httpToLoopback }: UrlPolicy): Reach {
  const isLocal = allowed === 'loopback' || httpToLoopback;
  if (url.protocol === 'http:') return isLocal ? 'loopback' : 'public';
  return allowed === 'loopback' ? 'public-or-loopback' : 'public';
}

/**
 * The parsed address of a channel: https to a public host. http is for this very machine alone, where it is allowed. Never with a user or a
 * password in it. A name that has no address yet is taken; it is checked before every message. Refused `channel-url-not-allowed`,
 * `channel-url-private`.
 */
export async function channelUrl(text: string, field: string, policy: UrlPolicy, resolve: Resolve): Promise<URL> {
  const refuse = (code: 'channel-url-not-allowed' | 'channel-url-private', detail: string): Refusal =>
    new Refusal(code, detail, [{ field, pointer: `/${field}` }]);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) throw refuse('channel-url-not-allowed', `${field} is not a URL.`);
  if (url.username !== '' || url.password !== '') throw refuse('channel-url-not-allowed', `${field} must not hold a user or a password.`);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw refuse('channel-url-not-allowed', `${field} must be https; http is allowed to the loopback interface only.`);
  }
  if (await leadsInside(url.hostname, reachOf(url, policy), resolve)) {
    const detail = `${field} leads to a private network. ARREARS_ALLOW_PRIVATE_WEBHOOKS=loopback allows this very machine, and nothing else.`;
    throw refuse('channel-url-private', detail);
  }
  return url;
}

async function leadsInside(host: string, reach: Reach, resolve: Resolve): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('The name was not looked up in time.'));
    }, LOOKUP_MS_MAX);
  });
  try {
    await Promise.race([checkedAddresses(host, reach, resolve), tooLong]);
    return false;
  } catch (error) {
    return error instanceof AddressRefused;
  } finally {
    clearTimeout(timer);
  }
}
