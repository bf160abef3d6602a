import { answerAs, rateLimiter, startFakeHttp, type ScriptedAnswer } from './fake-http';

export type SlackAnswer = ScriptedAnswer;

export interface ReceivedSlackMessage {
  readonly text: string;
  readonly blocks: readonly unknown[];
  /** The whole body, to find ids in. */
  readonly raw: string;
  readonly at: number;
  readonly answered: SlackAnswer;
}

export interface FakeSlackOptions {
  /** Messages beyond so many a second are answered 429, as Slack does; default: no limit. */
  readonly perSecond?: number;
}

/** An incoming webhook on this machine. Answers come in the order given, then `ok` for ever. */
export interface FakeSlack {
  readonly url: string;
  readonly received: readonly ReceivedSlackMessage[];
  /** Messages it said `ok` to. */
  readonly accepted: readonly ReceivedSlackMessage[];
  /** How often the limit was broken. */
  readonly limitBroken: number;
  answerNext(...answers: readonly SlackAnswer[]): void;
  stop(): Promise<void>;
}

export async function startFakeSlack({ perSecond }: FakeSlackOptions = {}): Promise<FakeSlack> {
  const received: ReceivedSlackMessage[] = [];
  const answers: SlackAnswer[] = [];
  const limit = rateLimiter(perSecond);
  let limitBroken = 0;
  const { origin, stop } = await startFakeHttp(({ raw, at }, response) => {
    const tooEarly = limit(at);
    if (tooEarly !== null) limitBroken += 1;
    const answered = tooEarly ?? answers.shift() ?? 'ok';
    const body = JSON.parse(raw) as { text?: string; blocks?: unknown[] };
    received.push({ text: body.text ?? '', blocks: body.blocks ?? [], raw, at, answered });
    answerAs(response, answered, () => response.end('ok'));
  });
  return {
    url: `${origin}/services/T000/B000/secret`,
    received,
    get accepted() {
      return received.filter(({ answered }) => answered === 'ok');
    },
    get limitBroken() {
      return limitBroken;
    },
    answerNext: (...next) => void answers.push(...next),
    stop,
  };
}
