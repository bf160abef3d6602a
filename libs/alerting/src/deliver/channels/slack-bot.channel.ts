import { LogLevel, WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError, WebClient } from '@slack/web-api';
import type { AttemptOutcome } from '@app/credit-domain';
import { ATTEMPT_MS_MAX, type ChannelSender, type OutgoingMessage, type Reconciliation, withinAttempt } from '../outgoing-message';
import { failureCode, propertyOf } from './failure';
import { type FoundMessage, findMessage } from './slack-history';
import { slackPayload } from './slack-payload';

export interface SlackBotSettings {
  readonly botToken: string;
  /** Slack's id of the channel. */
  readonly channel: string;
  /** Another address than Slack's own, for tests; null = Slack. */
  readonly apiUrl: string | null;
  /** Whether messages carry buttons. */
  readonly buttons: boolean;
}

/** Slack takes about a message a second for a channel. */
export const SLACK_RATE = { perSecond: 1, burst: 1 } as const;
/** By which a message of ours is known, in its metadata. */
export const METADATA_TYPE = 'arrears_delivery';

/** Slack says that a part of the work may have been done. */
const PERHAPS_DONE = new Set(['internal_error', 'fatal_error']);
const TRANSIENT = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded', 'service_unavailable', 'request_timeout']);
/** The message to edit is not there any more, or may not be edited: the change is told all the same. */
const NOTHING_TO_EDIT = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);
/** The thread's message was deleted: the change opens a new one. */
const THREAD_GONE = new Set(['thread_not_found', 'message_not_found', 'cannot_reply_to_message']);
const NOTHING_SENT = new Set(['econnrefused', 'enotfound', 'eai_again', 'ehostunreach', 'enetunreach', 'und_err_connect_timeout']);

/**
 * Posts with a bot's token. The first message of a group is edited through its life, so that it always says what holds now, and each change is
 * told in its thread. Every message carries its delivery id, by which it is found again when the answer was lost.
 */
export function slackBotSender(settings: SlackBotSettings, attemptMs = ATTEMPT_MS_MAX): ChannelSender {
  const { channel } = settings;
  return {
    rateLimit: SLACK_RATE,
    send: async (message, stop): Promise<AttemptOutcome> => {
      const progress = { isPosting: false };
      try {
        const ts = await withinAttempt({ stop, attemptMs }, async (signal) => {
          const client = clientOf(settings, signal);
          const thread = timestampOf(message.earlier, channel);
          if (thread !== null) await edit(client, settings, thread, message);
          progress.isPosting = true;
          return post(client, settings, thread, message);
        });
        return { outcome: 'sent', providerId: `${channel}:${ts}` };
      } catch (error) {
        const outcome = outcomeOf(error);
        // An edit can be made again: until something was posted nothing is in doubt.
        return outcome.outcome === 'unknown' && !progress.isPosting
          ? { outcome: 'retry', reason: outcome.reason, retryAfterSeconds: null }
          : outcome;
      }
    },
    reconcile: async (message, stop): Promise<Reconciliation> => {
      try {
        const thread = timestampOf(message.earlier, channel);
        const found = await withinAttempt({ stop, attemptMs }, (signal) =>
          findMessage(clientOf(settings, signal), { channel, thread, since: message.requestedAt, isIt: carries(message.deliveryId) }),
        );
        return found === null ? { found: 'not-arrived' } : { found: 'arrived', providerId: `${channel}:${found.ts}` };
      } catch (error) {
        const outcome = outcomeOf(error);
        const retryAfterSeconds = outcome.outcome === 'retry' ? outcome.retryAfterSeconds : null;
        return { found: 'unknown', reason: outcome.outcome === 'sent' ? 'slack-failure' : outcome.reason, retryAfterSeconds };
      }
    },
  };
}

/** Without the client's own retries, its queue and its log: what happens next is decided and remembered elsewhere. */
function clientOf({ botToken, apiUrl }: SlackBotSettings, signal: AbortSignal): WebClient {
  return new WebClient(botToken, {
    ...(apiUrl !== null && { slackApiUrl: apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logLevel: LogLevel.ERROR,
    logger: SILENT,
    fetch: async (url, init) => {
      const response = await fetch(url, { ...init, redirect: 'manual', signal }).catch((error: unknown) => {
        // The client keeps what it takes for an error, and nothing of anything else.
        throw Object.assign(new Error('Slack did not answer.'), { code: failureCode(error) });
      });
      if (response.status !== 429 || /^\d+$/.test(response.headers.get('retry-after') ?? '')) return response;
      return new Response('', { status: 429, headers: { 'retry-after': '1' } });
    },
  });
}

/** The client logs requests and what it makes of the answers; both may quote a message or a token. */
const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

async function edit(client: WebClient, settings: SlackBotSettings, ts: string, message: OutgoingMessage): Promise<void> {
  try {
    await client.apiCall('chat.update', { channel: settings.channel, ts, ...slackPayload(message, settings), unfurl_links: false });
  } catch (error) {
    if (!(error instanceof WebAPIPlatformError) || !NOTHING_TO_EDIT.has(error.data.error)) throw error;
  }
}

async function post(client: WebClient, settings: SlackBotSettings, thread: string | null, message: OutgoingMessage): Promise<string> {
  const content = {
    channel: settings.channel,
    // In a thread the buttons are above it, on the message they act upon.
    ...slackPayload(message, { buttons: settings.buttons && thread === null }),
    metadata: { event_type: METADATA_TYPE, event_payload: { deliveryId: message.deliveryId } },
    unfurl_links: false,
    unfurl_media: false,
  };
  try {
    const posted = await client.apiCall('chat.postMessage', { ...content, ...(thread !== null && { thread_ts: thread }) });
    return String(propertyOf(posted, 'ts'));
  } catch (error) {
    if (thread === null || !(error instanceof WebAPIPlatformError) || !THREAD_GONE.has(error.data.error)) throw error;
    return post(client, settings, null, message);
  }
}

function carries(deliveryId: string): (message: FoundMessage) => boolean {
  return ({ metadata }) => metadata?.event_type === METADATA_TYPE && metadata.event_payload?.['deliveryId'] === deliveryId;
}

/** Slack's id of a message from ours; null for one of another channel, which cannot be edited here. */
function timestampOf(providerId: string | null, channel: string): string | null {
  const [of, ts] = (providerId ?? '').split(':');
  return of === channel && ts !== undefined && ts !== '' ? ts : null;
}

function outcomeOf(error: unknown): AttemptOutcome {
  if (error instanceof WebAPIRateLimitedError) return { outcome: 'retry', reason: 'slack-http-429', retryAfterSeconds: error.retryAfter };
  if (error instanceof WebAPIPlatformError) return outcomeOfRefusal(error.data.error);
  if (error instanceof WebAPIHTTPError) {
    const reason = `slack-http-${String(error.statusCode)}`;
    // Slack may have done the work before its answer got lost on the way: it is asked before anything is sent again.
    return error.statusCode >= 500 ? { outcome: 'unknown', reason } : { outcome: 'give-up', reason };
  }
  const code = failureCode(error instanceof WebAPIRequestError ? error.original : error);
  const reason = `slack-${code}`;
  return NOTHING_SENT.has(code) ? { outcome: 'retry', reason, retryAfterSeconds: null } : { outcome: 'unknown', reason };
}

function outcomeOfRefusal(code: string): AttemptOutcome {
  const reason = `slack-${code}`;
  if (PERHAPS_DONE.has(code)) return { outcome: 'unknown', reason };
  return TRANSIENT.has(code) ? { outcome: 'retry', reason, retryAfterSeconds: null } : { outcome: 'give-up', reason };
}
