import type { OutgoingMessage } from '../outgoing-message';

/** The first message of a group that fires, with everything a message can carry. */
export function outgoing(with_: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return {
    deliveryId: '5f0f6c1e-0000-4000-8000-000000000001',
    alertId: 'a1a1a1a1-0000-4000-8000-000000000001',
    groupId: 'b2b2b2b2-0000-4000-8000-000000000001',
    inReplyTo: null,
    earlier: null,
    groupState: 'firing',
    requestedAt: new Date(),
    reason: 'fired',
    severity: 'critical',
    title: 'Critical: Coverage',
    text: 'Coverage rose.',
    facts: [{ name: 'Change', value: '+12.73 points' }],
    bridges: [
      {
        subject: 'Coverage, collective',
        opening: '35.10 %',
        legs: [
          { cause: 'Mix of buckets', amount: '+9.93 points' },
          { cause: 'Loss rates', amount: '+2.80 points' },
        ],
        closing: '47.83 %',
      },
    ],
    debtors: [{ debtorId: 'D-17', amount: 'CNY 1,204.00' }],
    view: 'https://arrears.example/v1/ageing?asOf=2024-12-31',
    members: [{ alertId: 'a1a1a1a1-0000-4000-8000-000000000002', title: 'Over three years', text: 'The share rose.' }],
    ...with_,
  };
}

export const RUNNING = new AbortController().signal;
