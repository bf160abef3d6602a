import type { StoredEvent } from '@app/event-store';
import { dataOf } from '../event-data';
import { amountText, listText, type Summary } from './summary';

const ACTIVITIES = { call: 'Call', email: 'Email', letter: 'Letter', visit: 'Visit', legal: 'Legal step', note: 'Note' } as const;

function judgedText(verb: string, event: StoredEvent): string {
  const { amount, paid, currency, dueOn, rejudges, unclassified } = dataOf('PromiseKept', event);
  const before = rejudges === null ? '' : `, judged ${rejudges} before`;
  const open = unclassified === '0' ? '' : `; ${amountText(unclassified, currency)} of settlements are unclassified`;
  return `Promise of ${amountText(amount, currency)} for ${dueOn} ${verb}: ${amountText(paid, currency)} paid in time${before}${open}`;
}

export const CASE_SUMMARIES: Readonly<Record<string, Summary>> = {
  ActivityRecorded: (event) => {
    const { type, nextContactOn, receivableIds } = dataOf('ActivityRecorded', event);
    const about = receivableIds.length === 0 ? '' : ` about ${listText(receivableIds)}`;
    return `${ACTIVITIES[type]}${about}${nextContactOn === null ? '' : `, next contact on ${nextContactOn}`}`;
  },
  ContactAdded: () => 'Contact added',
  ContactAmended: () => 'Contact amended',
  ContactRemoved: () => 'Contact removed',
  PromiseMade: (event) => {
    const { amount, currency, dueOn, receivableIds } = dataOf('PromiseMade', event);
    return `Promised ${amountText(amount, currency)} for ${dueOn}, for ${listText(receivableIds)}`;
  },
  PromiseMoved: (event) => {
    const { fromDueOn, dueOn, fromAmount, amount, currency } = dataOf('PromiseMoved', event);
    return `Promise moved from ${amountText(fromAmount, currency)} for ${fromDueOn} to ${amountText(amount, currency)} for ${dueOn}`;
  },
  PromiseKept: (event) => judgedText('kept', event),
  PromisePartKept: (event) => judgedText('kept in part', event),
  PromiseBroken: (event) => judgedText('broken', event),
  PromiseReopened: (event) => judgedText('open again', event),
  PromiseWithdrawn: () => 'Promise withdrawn',
  DisputeRaised: (event) => {
    const { reason, amount, currency, receivableIds } = dataOf('DisputeRaised', event);
    return `Dispute over ${amountText(amount, currency)} of ${listText(receivableIds)}: ${reason.replaceAll('-', ' ')}`;
  },
  DisputeResolved: (event) => {
    const { resolution, creditNoteIds } = dataOf('DisputeResolved', event);
    return `Dispute ${resolution}${creditNoteIds.length === 0 ? '' : ` by credit note ${listText(creditNoteIds)}`}`;
  },
  PaymentPlanAgreed: (event) => {
    const { instalments, currency, items } = dataOf('PaymentPlanAgreed', event);
    const total = instalments.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
    const of = listText(items.map(({ receivableId }) => receivableId));
    return `Payment plan over ${amountText(total, currency)} in ${String(instalments.length)} instalments, for ${of}`;
  },
  PlanInstalmentJudged: (event) => {
    const { instalment, outcome, amount, paid, currency, dueOn } = dataOf('PlanInstalmentJudged', event);
    return `Instalment ${String(instalment)} of ${amountText(amount, currency)} for ${dueOn} ${outcome}: ${amountText(paid, currency)} paid in time`;
  },
  PaymentPlanBroken: (event) => {
    const { instalment, missing, currency } = dataOf('PaymentPlanBroken', event);
    return `Payment plan broken by instalment ${String(instalment)}: ${amountText(missing, currency)} missing`;
  },
  PaymentPlanRestored: () => 'Payment plan in force again: what broke it had been paid',
  PaymentPlanKept: () => 'Payment plan kept to the end',
  PaymentPlanCancelled: () => 'Payment plan cancelled',
};
