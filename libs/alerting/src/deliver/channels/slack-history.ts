import type { WebClient } from '@slack/web-api';

/** A message as Slack lists it. */
export interface FoundMessage {
  readonly ts: string;
  readonly metadata?: { readonly event_type?: string; readonly event_payload?: Readonly<Record<string, unknown>> };
}

const PAGE_SIZE = 200;
/** A channel with more messages than this since a message was asked for cannot be searched to its end. */
const PAGES_MAX = 25;
/** Clocks differ; a message is never taken for absent because Slack's is behind. */
const CLOCK_DIFFERENCE_SECONDS = 600;

/**
 * Looks for a message in a channel, or in a thread of it, since it was asked for. Null: it is not there.
 * @throws what the client does; an error when there is more to read than can be
 */
export async function findMessage(
  client: WebClient,
  search: {
    readonly channel: string;
    readonly thread: string | null;
    readonly since: Date;
    readonly isIt: (message: FoundMessage) => boolean;
  },
): Promise<FoundMessage | null> {
  const { channel, thread, isIt } = search;
  const method = thread === null ? 'conversations.history' : 'conversations.replies';
  const oldest = String(Math.floor(search.since.getTime() / 1_000) - CLOCK_DIFFERENCE_SECONDS);
  let cursor = '';
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await client.apiCall(method, {
      channel,
      ...(thread !== null && { ts: thread }),
      ...(cursor !== '' && { cursor }),
      oldest,
      inclusive: true,
      limit: PAGE_SIZE,
      include_all_metadata: true,
    });
    const messages = (answer as { readonly messages?: readonly FoundMessage[] }).messages ?? [];
    const found = messages.find(isIt);
    if (found !== undefined) return found;
    cursor = answer.response_metadata?.next_cursor ?? '';
    if (cursor === '') return null;
  }
  throw Object.assign(new Error('The history of the channel is too long to be searched.'), { code: 'history-too-long' });
}
