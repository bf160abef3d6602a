import { Injectable } from '@nestjs/common';
import type { EventPage, Processor, StoredEvent, Tx } from '@app/event-store';
import { Intents } from '@app/platform';
import { positionNumber } from '../ids';
import { EVALUATE_SIGNALS, EVALUATE_SIGNALS_NOW } from './signal-jobs';
import { forgetPromise, saveKept, saveUnkept, saveWork } from './signal-tables';

const IMPORT_EVENTS = ['ImportCompleted', 'ImportFailed'];
const CLOSE_EVENTS = ['CloseCompleted', 'CloseFailed'];
const RUN_EVENTS = ['ProvisionRunCompleted', 'ProvisionRunFailed'];
const PROMISE_EVENTS = ['PromiseKept', 'PromisePartKept', 'PromiseBroken', 'PromiseReopened'];
const GROUP_EVENTS = ['DebtorGroupStated'];
const RULE_EVENTS = ['AlertRuleDefined', 'AlertRuleAmended'];

/**
 * Keeps what came, what failed and what was promised as it stands, and asks for an evaluation at once. Hearing an event again keeps the same and
 * asks again, which decides nothing new.
 */
@Injectable()
export class SignalsProcessor implements Processor {
  readonly name = 'alerting-signals';
  readonly lanes = 1;
  readonly eventTypes = [...IMPORT_EVENTS, ...CLOSE_EVENTS, ...RUN_EVENTS, ...PROMISE_EVENTS, ...GROUP_EVENTS, ...RULE_EVENTS];
  readonly onError = 'park' as const;

  constructor(private readonly intents: Intents) {}

  async apply(tx: Tx, { tenantId, events }: EventPage): Promise<void> {
    const page = await events();
    for (const event of page) await keep(tx, tenantId, event);
    const last = page.at(-1);
    if (last === undefined) return;
    const payload = { position: positionNumber(last.position), correlationId: last.correlationId };
    await this.intents.request(tx, tenantId, { kind: EVALUATE_SIGNALS, key: EVALUATE_SIGNALS_NOW, payload });
  }
}

async function keep(tx: Tx, tenantId: number, { type, data, effectiveOn }: StoredEvent): Promise<void> {
  const text = (field: string): string => textOf(data[field]);
  switch (type) {
    case 'ImportCompleted':
      return saveWork(tx, tenantId, { job: 'import', key: text('kind'), completedOn: effectiveOn, reason: null });
    case 'ImportFailed':
      return saveWork(tx, tenantId, { job: 'import', key: text('kind'), completedOn: null, reason: text('reason') });
    case 'CloseCompleted':
      return saveWork(tx, tenantId, { job: 'close', key: text('asOf'), completedOn: effectiveOn, reason: null });
    case 'CloseFailed':
      return saveWork(tx, tenantId, { job: 'close', key: text('asOf'), completedOn: null, reason: problemOf(data['problem']) });
    case 'ProvisionRunCompleted':
      return saveWork(tx, tenantId, { job: 'provision-run', key: text('asOf'), completedOn: effectiveOn, reason: null });
    case 'ProvisionRunFailed':
      return saveWork(tx, tenantId, { job: 'provision-run', key: text('asOf'), completedOn: null, reason: problemOf(data['problem']) });
    case 'PromiseKept':
      return saveKept(tx, tenantId, {
        promiseId: text('promiseId'),
        debtorId: text('debtorId'),
        amount: BigInt(text('amount')),
        dueOn: text('dueOn'),
      });
    case 'PromiseReopened':
      return forgetPromise(tx, tenantId, text('promiseId'));
    case 'PromisePartKept':
    case 'PromiseBroken':
      return saveUnkept(tx, tenantId, {
        promiseId: text('promiseId'),
        debtorId: text('debtorId'),
        amount: BigInt(text('amount')),
        paidInTime: BigInt(text('paid')),
        currency: text('currency'),
        dueOn: text('dueOn'),
        counted: countedOf(data['counted']),
      });
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The code and the sentence of a refusal. */
function problemOf(value: unknown): string {
  const { code, detail } = (value ?? {}) as { code?: unknown; detail?: unknown };
  return `${textOf(code)}: ${textOf(detail)}`;
}

function countedOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map((each: unknown) => textOf((each as { movementId?: unknown } | null)?.movementId)) : [];
}
