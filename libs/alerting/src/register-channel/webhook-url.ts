import { Refusal } from '@app/platform';

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

export function isLoopback(host: string): boolean {
  return LOOPBACK_HOSTS.has(host) || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * The parsed URL of a webhook: https, or http to this very machine (a local relay, a trial run), where nobody in between can read it. Never with
 * a user or password in it. Refused `channel-url-not-allowed`.
 */
export function webhookUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const refuse = (detail: string): Refusal =>
    new Refusal('channel-url-not-allowed', detail, [{ field: 'webhookUrl', pointer: '/webhookUrl' }]);
  if (url === null) throw refuse('webhookUrl is not a URL.');
  if (url.username !== '' || url.password !== '') throw refuse('webhookUrl must not hold a user or a password.');
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url;
  throw refuse('webhookUrl must be https; http is allowed to the loopback interface only.');
}
