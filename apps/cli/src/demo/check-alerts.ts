import type { ArrearsApi } from './arrears-api';
import { DERIVED } from './derived-figures';
import type { Explained } from './explain-movement';
import { grouped } from './print-note';
import type { ReceivedBridge } from './received-bridges';
import { addsUp, bridgesIn } from './received-bridges';

/** Fen in a thousand yuan, the unit of the note. */
const THOUSAND_MINOR = 100_000n;

interface Received {
  readonly channel: string;
  readonly messages: readonly string[];
}

/** Whether what arrived says what the published figures lead to: who told what together, on which figures, and that every bridge adds up. */
export function checkAlerts(received: readonly Received[]): Explained {
  const checked = received.map(checkChannel);
  return { text: checked.map(({ text }) => text).join('\n'), differences: checked.flatMap(({ differences }) => differences) };
}

/** Asks what a rule that nobody has saved would have told, and whether asking told anybody. */
export async function backTestLossRates(api: ArrearsApi, told: () => number): Promise<Explained> {
  const before = told();
  const definition = { type: 'loss-rate-shift', base: 'same-date-last-year', kinds: ['trade'], enter: '0.03', materiality: '0.01' };
  const answer = await api.post<{
    readonly summary: string;
    readonly alerts: readonly { readonly fired: { readonly asOf: string; readonly cause: string } }[];
    readonly notJudged: readonly { readonly asOf: string; readonly reason: string }[];
  }>('/v1/alert-rules/back-test', { name: 'Loss rates, before it is saved', definition });
  const { backTest } = DERIVED.alerts;
  const text = [
    `  Back-test of loss rates: ${answer.summary}`,
    ...answer.alerts.map(({ fired }) => `    ${fired.asOf}: ${fired.cause}`),
    ...answer.notJudged.map(({ asOf, reason }) => `    ${asOf}: not judged, ${reason}`),
  ].join('\n');
  return {
    text,
    differences: [
      ...(answer.summary === backTest ? [] : [`the back-test answers "${answer.summary}", expected "${backTest}"`]),
      ...(told() === before ? [] : ['the back-test told somebody']),
    ],
  };
}

function checkChannel({ channel, messages }: Received): Explained {
  const bridges = messages.flatMap(bridgesIn);
  const broken = bridges.filter((bridge) => !addsUp(bridge));
  const { lossRateEffects, coverage } = DERIVED.alerts;
  const differences = [
    ...(messages.length === DERIVED.alerts.messages
      ? []
      : [`${String(messages.length)} messages, expected ${String(DERIVED.alerts.messages)}`]),
    ...DERIVED.alerts.toldTogether
      .filter((parts) => !messages.some((message) => parts.every((part) => message.includes(part))))
      .map((parts) => `no message says "${parts.join('" and "')}"`),
    ...broken.map(({ subject }) => `the bridge of ${subject} does not add up as printed`),
    ...Object.entries(coverage).flatMap(([cause, points]) => expectLeg(bridges, 'Coverage', cause, points, (units) => units)),
    ...Object.entries(lossRateEffects).flatMap(([bucket, thousands]) =>
      expectLeg(bridges, `Allowance of ${bucket}`, 'loss rate', thousands, inThousands),
    ),
  ];
  const effects = Object.entries(lossRateEffects).map(([bucket, thousands]) => `${bucket} ${grouped(String(thousands))}`);
  const text =
    `  ${channel}: ${String(messages.length)} messages, ${String(bridges.length)} bridges, ` +
    `${broken.length === 0 ? 'each adds up as printed' : `${String(broken.length)} do not add up`}; loss rates in allowance, RMB'000: ${effects.join(', ')}: ` +
    `${differences.length === 0 ? 'as published' : 'not as published'}.`;
  return { text, differences: differences.map((difference) => `alerts by ${channel}: ${difference}`) };
}

function expectLeg(
  bridges: readonly ReceivedBridge[],
  subject: string,
  cause: string,
  expected: number,
  shownAs: (units: bigint, bridge: ReceivedBridge) => bigint,
): string[] {
  const bridge = bridges.find((candidate) => candidate.subject === subject && candidate.legs.has(cause));
  const units = bridge?.legs.get(cause);
  const found = bridge === undefined || units === undefined ? null : shownAs(units, bridge);
  return found === BigInt(expected) ? [] : [`${subject}, ${cause}: told ${found?.toString() ?? 'nothing'}, expected ${String(expected)}`];
}

/** Rounded half away from zero, as the note prints. */
function inThousands(units: bigint, { decimals }: ReceivedBridge): bigint {
  const minor = units * 10n ** BigInt(2 - decimals);
  const size = minor < 0n ? -minor : minor;
  const rounded = (size + THOUSAND_MINOR / 2n) / THOUSAND_MINOR;
  return minor < 0n ? -rounded : rounded;
}
