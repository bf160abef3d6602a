import { createHmac } from 'node:crypto';
import { Refusal } from '@app/platform';
import { type SignedSlackRequest, verifySlackSignature } from './slack-signature';

/** The example of Slack's own documentation. */
const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const BODY =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA' +
  '&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554' +
  '%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
const example: SignedSlackRequest = {
  timestamp: '1531420618',
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  body: BODY,
};
const AT = new Date(1_531_420_618_000);

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Refusal ? error.code : 'another error';
  }
}

describe('the signature of a press in Slack', () => {
  it('is taken as Slack documents it', () => {
    expect(verifySlackSignature(SECRET, example, AT).signedAt).toEqual(AT);
  });

  const wrong: readonly (readonly [string, Partial<SignedSlackRequest>])[] = [
    ['another body', { body: `${BODY}&` }],
    ['another time', { timestamp: '1531420619' }],
    ['a digit of it changed', { signature: example.signature?.replace('a2', 'a3') ?? null }],
    ['too short', { signature: 'v0=a2114d' }],
    ['of another version', { signature: example.signature?.replace('v0', 'v1') ?? null }],
    ['absent', { signature: null }],
    ['without a time', { timestamp: null }],
    ['with a time that is none', { timestamp: '-1' }],
  ];
  it.each(wrong)('is refused when it is %s: anybody could press', (_what, change) => {
    expect(codeOf(() => verifySlackSignature(SECRET, { ...example, ...change }, AT))).toBe('slack-signature-invalid');
  });

  it('is refused where no secret is known, whatever it is made with', () => {
    expect(codeOf(() => verifySlackSignature(null, example, AT))).toBe('slack-signature-invalid');
    expect(codeOf(() => verifySlackSignature('another', example, AT))).toBe('slack-signature-invalid');
    const digest = createHmac('sha256', '')
      .update(`v0:${String(example.timestamp)}:${BODY}`)
      .digest('hex');
    expect(codeOf(() => verifySlackSignature(null, { ...example, signature: `v0=${digest}` }, AT))).toBe('slack-signature-invalid');
  });

  it('is refused when it is older than five minutes, or from the future', () => {
    const at = (seconds: number): string | undefined =>
      codeOf(() => verifySlackSignature(SECRET, example, new Date(AT.getTime() + seconds * 1_000)));
    expect([at(300), at(301), at(-301)]).toEqual([undefined, 'slack-signature-expired', 'slack-signature-expired']);
  });
});
