import type { ServerResponse } from 'node:http';
import { answerAs, isTaken, rateLimiter, startFakeHttp, type ScriptedAnswer } from './fake-http';

/** `error` is Slack's own way to refuse: 200 with `{ok: false, error}`. */
export type SlackApiAnswer = ScriptedAnswer | { readonly error: string };
export type SlackApiMethod = 'chat.postMessage' | 'chat.update' | 'conversations.history' | 'conversations.replies';

/** A message as it stands in the channel now. */
export interface FakeSlackBotMessage {
  readonly ts: string;
  /** The message it answers; null in the channel itself. */
  readonly threadTs: string | null;
  readonly text: string;
  readonly blocks: readonly unknown[];
  readonly metadata: { readonly event_type: string; readonly event_payload: Readonly<Record<string, unknown>> } | null;
  readonly edits: number;
  readonly at: number;
}

export interface SlackApiCall {
  readonly method: string;
  readonly body: Readonly<Record<string, string>>;
  readonly at: number;
  readonly answered: SlackApiAnswer;
}

/** The part of Slack's Web API a bot of one channel needs. Answers come in the order given for a method, then `ok` for ever. */
export interface FakeSlackBot {
  /** For `apiUrl` of a channel. */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly channel: string;
  readonly messages: readonly FakeSlackBotMessage[];
  readonly calls: readonly SlackApiCall[];
  /** How often chat.postMessage was called faster than the limit allows. */
  readonly limitBroken: number;
  answerNext(method: SlackApiMethod, ...answers: readonly SlackApiAnswer[]): void;
  stop(): Promise<void>;
}

const BOT_TOKEN = 'xoxb-fake-bot-token';
const CHANNEL = 'C0FAKE';

/** `perSecond` limits chat.postMessage: beyond it the answer is 429 with Retry-After, as Slack does. */
export async function startFakeSlackBot({ perSecond }: { readonly perSecond?: number } = {}): Promise<FakeSlackBot> {
  const messages: FakeSlackBotMessage[] = [];
  const calls: SlackApiCall[] = [];
  const scripts = new Map<string, SlackApiAnswer[]>();
  const limit = rateLimiter(perSecond);
  let limitBroken = 0;
  const { origin, stop } = await startFakeHttp(({ path, headers, raw, at }, response) => {
    const method = path.replace('/api/', '');
    const body = Object.fromEntries(new URLSearchParams(raw));
    const tooEarly = method === 'chat.postMessage' ? limit(at) : null;
    if (tooEarly !== null) limitBroken += 1;
    const answered = tooEarly ?? scripts.get(method)?.shift() ?? 'ok';
    calls.push({ method, body, at, answered });
    if (typeof answered === 'object' && 'error' in answered) {
      respond(response, { ok: false, error: answered.error });
      return;
    }
    const result = headers.authorization !== `Bearer ${BOT_TOKEN}` ? { ok: false, error: 'invalid_auth' } : null;
    const outcome = result ?? (isTaken(answered) ? perform(messages, method, body, at) : {});
    answerAs(response, answered, () => {
      respond(response, outcome);
    });
  });
  return {
    apiUrl: `${origin}/api/`,
    botToken: BOT_TOKEN,
    channel: CHANNEL,
    messages,
    calls,
    get limitBroken() {
      return limitBroken;
    },
    answerNext: (method, ...next) => void scripts.set(method, [...(scripts.get(method) ?? []), ...next]),
    stop,
  };
}

function respond(response: ServerResponse, body: object): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}

function perform(messages: FakeSlackBotMessage[], method: string, body: Readonly<Record<string, string>>, at: number): object {
  if (body['channel'] !== CHANNEL) return { ok: false, error: 'channel_not_found' };
  switch (method) {
    case 'chat.postMessage':
      return post(messages, body, at);
    case 'chat.update':
      return update(messages, body);
    case 'conversations.history':
      return list([...messages.filter(({ threadTs }) => threadTs === null)].reverse(), body);
    case 'conversations.replies': {
      const root = messages.find(({ ts }) => ts === body['ts']);
      if (root === undefined) return { ok: false, error: 'thread_not_found' };
      return list([root, ...messages.filter(({ threadTs }) => threadTs === root.ts)], body);
    }
    default:
      return { ok: false, error: 'unknown_method' };
  }
}

function post(messages: FakeSlackBotMessage[], body: Readonly<Record<string, string>>, at: number): object {
  // Microseconds that never repeat, as Slack's ids.
  const ts = `${String(Math.floor(at / 1_000))}.${String(messages.length + 1).padStart(6, '0')}`;
  messages.push({ ts, threadTs: body['thread_ts'] ?? null, ...contentOf(body, null), edits: 0, at });
  return { ok: true, channel: CHANNEL, ts };
}

function update(messages: FakeSlackBotMessage[], body: Readonly<Record<string, string>>): object {
  const index = messages.findIndex(({ ts }) => ts === body['ts']);
  const message = messages[index];
  if (message === undefined) return { ok: false, error: 'message_not_found' };
  messages[index] = { ...message, ...contentOf(body, message.metadata), edits: message.edits + 1 };
  return { ok: true, channel: CHANNEL, ts: message.ts };
}

function contentOf(
  body: Readonly<Record<string, string>>,
  metadata: FakeSlackBotMessage['metadata'],
): Pick<FakeSlackBotMessage, 'text' | 'blocks' | 'metadata'> {
  return {
    text: body['text'] ?? '',
    blocks: JSON.parse(body['blocks'] ?? '[]') as unknown[],
    metadata: body['metadata'] === undefined ? metadata : (JSON.parse(body['metadata']) as FakeSlackBotMessage['metadata']),
  };
}

/** A page of messages. Metadata is only shown to who asks for it. */
function list(found: readonly FakeSlackBotMessage[], body: Readonly<Record<string, string>>): object {
  const { oldest, latest } = body;
  const within = found.filter(
    ({ ts }) => (oldest === undefined || Number(ts) >= Number(oldest)) && (latest === undefined || Number(ts) <= Number(latest)),
  );
  const from = Number(body['cursor'] ?? '0');
  const limit = Number(body['limit'] ?? '100');
  const next = from + limit < within.length ? String(from + limit) : '';
  return {
    ok: true,
    messages: within.slice(from, from + limit).map(({ ts, threadTs, text, blocks, metadata }) => ({
      type: 'message',
      ts,
      ...(threadTs !== null && { thread_ts: threadTs }),
      text,
      blocks,
      ...(body['include_all_metadata'] === 'true' && metadata !== null && { metadata }),
    })),
    has_more: next !== '',
    response_metadata: { next_cursor: next },
  };
}
