import type { NotificationPolicy } from '@app/credit-domain';
import type { StoredEvent } from '@app/event-store';
import type { AlertFiredData, AlertGroupDecidedData, DeliveryRequestedData, SilenceCreatedData } from '../events';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const SHIFTS = new Set(['ageing-share-shift', 'coverage-shift', 'loss-rate-shift']);
const SEVERITIES = ['info', 'warning', 'critical'];

interface Heard {
  firing: boolean;
  resolved: boolean;
  lapsedAt: number | null;
}
interface KnownAlert {
  readonly fired: AlertFiredData;
  isOpen: boolean;
  acknowledgedUntil: number | null;
  firstToldAt: number | null;
  readonly heard: Map<string, Heard>;
  /** Channels that know it fires and not that it grew worse since. */
  readonly worse: Set<string>;
}
interface KnownSilence {
  readonly created: SilenceCreatedData;
  endsAt: number;
  readonly lifted: Set<string>;
}

/** What the log says was told, read without the code that decided it, and what is wrong with that. */
export class TellingOracle {
  readonly alerts = new Map<string, KnownAlert>();
  readonly silences = new Map<string, KnownSilence>();
  readonly #decisions = new Map<string, AlertGroupDecidedData>();
  readonly #lastToldAt = new Map<string, number>();
  readonly #deliveries = new Map<string, DeliveryRequestedData>();
  messages = 0;

  /** Events of one decision. */
  read(events: readonly StoredEvent[]): void {
    for (const { type, data } of events) if (type === 'DeliveryRequested') this.#deliver(data as unknown as DeliveryRequestedData);
    const told = new Set<string>();
    for (const { type, key, data } of events) {
      if (type === 'AlertGroupDecided') this.#decided(data as unknown as AlertGroupDecidedData, told);
      else this.#happened(type, key, data);
    }
  }

  /** Everything that is due has been looked at. */
  check(now: number, policy: NotificationPolicy): void {
    for (const alert of this.alerts.values()) {
      for (const channelId of alert.fired.channels) {
        if (alert.isOpen && alert.heard.get(channelId)?.firing !== true) this.#quiet(alert, channelId, now, policy, 'untold');
        if (alert.isOpen && alert.worse.has(channelId)) this.#quiet(alert, channelId, now, policy, 'worse and untold');
      }
      for (const [channelId, { firing, resolved }] of alert.heard) {
        if (!alert.isOpen && firing && !resolved) this.#held(alert, channelId, now, 'ended and untold');
        if (alert.isOpen && firing) this.#timers(alert, channelId, now, policy);
      }
      this.#escalation(alert, now, policy);
    }
  }

  #happened(type: string, key: string, data: StoredEvent['data']): void {
    const alert = this.alerts.get(key);
    if (type === 'AlertFired') {
      const fired = data as unknown as AlertFiredData;
      this.alerts.set(key, { fired, isOpen: true, acknowledgedUntil: null, firstToldAt: null, heard: new Map(), worse: new Set() });
    } else if (type === 'AlertResolved' && alert !== undefined) alert.isOpen = false;
    else if (type === 'AlertAcknowledged' && alert !== undefined) alert.acknowledgedUntil = Date.parse(textOf(data['expiresAt']));
    else if (type === 'AlertWorsened' && alert !== undefined) {
      alert.acknowledgedUntil = null;
      for (const [channelId, { firing }] of alert.heard) if (firing) alert.worse.add(channelId);
    } else if (type === 'SilenceCreated') {
      const created = data as unknown as SilenceCreatedData;
      this.silences.set(key, { created, endsAt: Date.parse(created.endsAt), lifted: new Set() });
    } else if (type === 'SilenceLifted') this.silences.get(key)?.lifted.add(textOf(data['alertId']));
    else if (type === 'SilenceEnded') {
      const silence = this.silences.get(key);
      if (silence !== undefined) silence.endsAt = Math.min(silence.endsAt, Date.parse(textOf(data['at'])));
    }
  }

  #deliver(request: DeliveryRequestedData): void {
    this.messages += 1;
    if (this.#deliveries.has(request.deliveryId)) throw new Error(`Message ${request.deliveryId} was asked for twice.`);
    this.#deliveries.set(request.deliveryId, request);
  }

  #decided(decided: AlertGroupDecidedData, told: Set<string>): void {
    const { groupId, channelId, deliveryId, at } = decided;
    const place = `${groupId} ${channelId}`;
    this.#decisions.set(place, decided);
    if (deliveryId === null) return;
    if (told.has(place)) throw new Error(`Two messages for group ${place} in one decision.`);
    told.add(place);
    const request = this.#deliveries.get(deliveryId);
    if (request?.channelId !== channelId) throw new Error(`The decision for ${place} names no message of its own.`);
    this.#lastToldAt.set(place, Date.parse(at));
    const { message, alertId } = request;
    const named = [...(alertId === null ? [] : [{ alertId, title: message.title }]), ...message.members];
    for (const member of named) {
      const alert = this.alerts.get(member.alertId);
      if (alert === undefined) throw new Error(`Message ${deliveryId} names an alert that is none.`);
      if (alert.fired.groupId === groupId) this.#named(alert, decided, member.title.startsWith('Resolved'));
    }
  }

  #named(alert: KnownAlert, { channelId, notify, at, except }: AlertGroupDecidedData, isEnd: boolean): void {
    const { alertId } = alert.fired;
    const heard = alert.heard.get(channelId) ?? { firing: false, resolved: false, lapsedAt: null };
    if (except.some((quiet) => quiet.alertId === alertId))
      throw new Error(`Alert ${alertId} is told on ${channelId} and said to be quiet.`);
    if (isEnd) {
      if (!heard.firing) throw new Error(`The end of ${alertId} is told on ${channelId}, which never heard that it fires.`);
      if (heard.resolved) throw new Error(`The end of ${alertId} is told twice on ${channelId}.`);
    } else if (heard.firing && (notify === 'fired' || notify === 'changed') && !alert.worse.has(channelId)) {
      throw new Error(`That ${alertId} fires is told twice on ${channelId}.`);
    }
    alert.heard.set(channelId, {
      firing: true,
      resolved: isEnd,
      lapsedAt: notify === 'ack-expired' || !heard.firing || alert.worse.has(channelId) ? Date.parse(at) : heard.lapsedAt,
    });
    alert.worse.delete(channelId);
    alert.firstToldAt ??= Date.parse(at);
  }

  /** Not told what it should be: something has to say why, and that has to be so. */
  #quiet(alert: KnownAlert, channelId: string, now: number, policy: NotificationPolicy, what: string): void {
    const { alertId, groupId, severity } = alert.fired;
    const decided = this.#decisions.get(`${String(groupId)} ${channelId}`);
    const reason = decided?.decision === 'notify' ? decided.except.find((quiet) => quiet.alertId === alertId)?.reason : decided?.reason;
    const fail = (why: string): Error =>
      new Error(`Alert ${alertId} (${alert.fired.ruleName}) is ${what} on ${channelId} at ${new Date(now).toISOString()}: ${why}`);
    if (reason === undefined) throw fail('no reason is given');
    if (this.#mutes(alert, channelId, now).length > 0) return;
    if (reason !== 'outside-business-hours' && reason !== 'waiting-for-digest') throw fail(`${reason} holds no more`);
    if (severity === 'critical') throw fail(`it is critical, and ${reason}`);
    if ((reason === 'waiting-for-digest' ? policy.digestAt : policy.hours) === null) throw fail(`the policy knows no ${reason}`);
    this.#held(alert, channelId, now, what);
  }

  #held({ fired }: KnownAlert, channelId: string, now: number, what: string): void {
    const decided = this.#decisions.get(`${String(fired.groupId)} ${channelId}`);
    if (decided?.decision === 'hold' && decided.until !== null && Date.parse(decided.until) > now) return;
    throw new Error(
      `Alert ${fired.alertId} (${fired.ruleName}) is ${what} on ${channelId} at ${new Date(now).toISOString()}; last: ${JSON.stringify(decided)}`,
    );
  }

  #timers(alert: KnownAlert, channelId: string, now: number, { repeatHours }: NotificationPolicy): void {
    if (this.#mutes(alert, channelId, now).length > 0) return;
    const until = alert.acknowledgedUntil;
    if (until !== null && until > now) return;
    if (until !== null && (alert.heard.get(channelId)?.lapsedAt ?? 0) < until)
      this.#held(alert, channelId, now, 'acknowledged no more, untold');
    const lastToldAt = this.#lastToldAt.get(`${String(alert.fired.groupId)} ${channelId}`) ?? now;
    if (repeatHours !== null && lastToldAt + repeatHours * HOUR_MS <= now) this.#held(alert, channelId, now, 'due to be repeated');
  }

  #escalation(alert: KnownAlert, now: number, { escalation }: NotificationPolicy): void {
    const { isOpen, firstToldAt, acknowledgedUntil, fired, heard } = alert;
    if (escalation === null || !isOpen || firstToldAt === null) return;
    if (firstToldAt + escalation.afterMinutes * MINUTE_MS > now || (acknowledgedUntil !== null && acknowledgedUntil > now)) return;
    for (const channelId of escalation.channels) {
      if (fired.channels.includes(channelId) || heard.has(channelId) || this.#mutes(alert, channelId, now).length > 0) continue;
      this.#held(alert, channelId, now, 'due to be escalated');
    }
  }

  /** Why it may be quiet on a channel now: silences that cover it, a stale feed, a book alert heard there. */
  #mutes({ fired }: KnownAlert, channelId: string, now: number): string[] {
    const { alertId, ruleId, ruleType, severity, labels } = fired;
    const fields: Readonly<Record<string, string | undefined>> = { ...labels, alertId, ruleId, ruleType, severity };
    const silenced = [...this.silences.values()].some(
      ({ created, endsAt, lifted }) =>
        Date.parse(created.startsAt) <= now &&
        now < endsAt &&
        !lifted.has(alertId) &&
        ruleType !== 'broken-chain' &&
        created.matchers.every(({ label, operator, value }) => (fields[label] === value) === (operator === '=')),
    );
    const open = [...this.alerts.values()].filter(({ isOpen }) => isOpen);
    const isStale = SHIFTS.has(ruleType) && open.some((other) => other.fired.ruleType === 'stale-feed');
    const isCarried = open.some(
      ({ fired: book, heard }) =>
        SHIFTS.has(ruleType) &&
        labels['segment'] !== undefined &&
        book.ruleType === ruleType &&
        book.labels['segment'] === undefined &&
        Object.entries(book.labels).every(([name, value]) => labels[name] === value) &&
        SEVERITIES.indexOf(book.severity) >= SEVERITIES.indexOf(severity) &&
        (book.channels.includes(channelId) || heard.has(channelId)),
    );
    return [...(silenced ? ['silenced'] : []), ...(isStale ? ['stale'] : []), ...(isCarried ? ['carried'] : [])];
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
