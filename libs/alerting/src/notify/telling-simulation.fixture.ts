import type { AlertLabels, AlertSeverity, Evaluation, NotificationPolicy } from '@app/credit-domain';
import { movementOf, Ratio, reasonByThresholds, TOLD_AT_ONCE } from '@app/credit-domain';
import type { DecidingRule } from '../evaluate-rules/rule-decisions';
import { AlertingInMemory } from './alerting-in-memory.fixture';
import { TellingOracle } from './telling-oracle.fixture';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Shortly before the clocks of Berlin go forward, and back. */
const STARTS = ['2024-03-28T09:30:00Z', '2024-10-24T09:30:00Z', '2024-06-03T09:30:00Z'];
const SIZES = ['0.01', '0.01', '0.09', '0.12', '0.13', '0.18', '0.27', '-0.12', '-0.20'];
const ENTER = Ratio.parse('0.10');
const EXIT = Ratio.parse('0.08');

interface SimulatedRule {
  readonly type: string;
  readonly severity: AlertSeverity;
  readonly channels: readonly string[];
  readonly labels: readonly AlertLabels[];
  readonly isDaily?: true;
}
const RULES: Readonly<Record<string, SimulatedRule>> = {
  share: { type: 'ageing-share-shift', severity: 'warning', channels: ['c1', 'c2'], labels: [{}] },
  coverage: { type: 'coverage-shift', severity: 'critical', channels: ['c2', 'c3'], labels: [{}] },
  'loss of segments': {
    type: 'loss-rate-shift',
    severity: 'warning',
    channels: ['c1', 'c3'],
    labels: [{ segment: 'A' }, { segment: 'B' }, { segment: 'C' }],
  },
  'loss of the book': { type: 'loss-rate-shift', severity: 'warning', channels: ['c1'], labels: [{}] },
  chain: { type: 'broken-chain', severity: 'critical', channels: ['c1'], labels: [{}], isDaily: true },
  feed: { type: 'stale-feed', severity: 'warning', channels: ['c3'], labels: [{ feed: 'cash' }], isDaily: true },
  debtors: { type: 'overdue-debtor', severity: 'info', channels: ['c1', 'c2'], labels: [{ debtor: 'x' }, { debtor: 'y' }], isDaily: true },
};

type Decided = readonly { readonly rule: DecidingRule; readonly evaluations: readonly Evaluation[] }[];

/** One random history, the same for the same seed. What is wrong is thrown with the seed and what led to it. */
export class TellingSimulation {
  readonly #random: () => number;
  readonly #alerting: AlertingInMemory;
  readonly #oracle = new TellingOracle();
  readonly #story: string[] = [];
  readonly #rules: DecidingRule[];
  #policy: NotificationPolicy = TOLD_AT_ONCE;
  #read = 0;
  #period = 0;
  #last: { readonly decided: Decided; readonly asOf: string } | null = null;

  constructor(readonly seed: number) {
    this.#random = mulberry32(seed);
    this.#alerting = new AlertingInMemory(this.#one(STARTS), 'Europe/Berlin');
    this.#rules = Object.entries(RULES).map(([id, { type, severity, channels }]) => ({
      id,
      version: 1,
      name: id,
      severity,
      channels,
      definition: { type, enter: '0.10' },
      forPeriods: this.#chance(0.2) ? 2 : 1,
      recoverPeriods: this.#chance(0.4) ? 2 : 1,
      noData: this.#chance(0.3) ? 'alert' : 'keep',
    }));
  }

  get messages(): number {
    return this.#oracle.messages;
  }

  async run(steps: number): Promise<void> {
    try {
      for (let step = 0; step < steps; step++) {
        await this.#step();
        await this.#settle();
      }
      await this.#rebuilt();
    } catch (error) {
      throw new Error(`Seed ${String(this.seed)}: ${String(error)}\n${this.#story.join('\n')}`, { cause: error });
    }
  }

  async #step(): Promise<void> {
    const kind = this.#random();
    if (kind < 0.22) return this.#close(false);
    if (kind < 0.28) return this.#close(true);
    if (kind < 0.4) return this.#day();
    if (kind < 0.45) return this.#again();
    if (kind < 0.48) return this.#amend();
    if (kind < 0.56) return this.#acknowledge();
    if (kind < 0.62) return this.#silence();
    if (kind < 0.64) return this.#endSilence();
    if (kind < 0.69) return this.#setPolicy();
    if (kind < 0.71) return this.#rebuilt();
    return this.#pass();
  }

  /** The next close, or the latest recomputed. */
  async #close(isSame: boolean): Promise<void> {
    if (!isSame) this.#period += 1;
    const asOf = monthEnd(this.#period);
    const decided = this.#rules
      .filter(({ id }) => RULES[id]?.isDaily !== true)
      .map((rule) => ({ rule, evaluations: this.#figures(rule, asOf) }));
    await this.#decide(decided, asOf);
  }

  async #day(): Promise<void> {
    const asOf = new Date(this.#alerting.now).toISOString().slice(0, 10);
    const rule = this.#one(this.#rules.filter(({ id }) => RULES[id]?.isDaily === true));
    await this.#decide([{ rule, evaluations: this.#figures(rule, asOf) }], asOf);
  }

  async #decide(decided: Decided, asOf: string): Promise<void> {
    this.#tell(`${asOf}: ${decided.map(({ rule, evaluations }) => `${rule.name} ${evaluations.map(shown).join(' ')}`).join('; ')}`);
    this.#last = { decided, asOf };
    await this.#alerting.decideAll(decided, asOf);
    this.#listen();
  }

  /** The same figures once more decide nothing. */
  async #again(): Promise<void> {
    if (this.#last === null) return;
    this.#tell('the same again');
    await this.#alerting.decideAll(this.#last.decided, this.#last.asOf);
    this.#nothingNew('the same figures');
  }

  async #amend(): Promise<void> {
    const index = Math.floor(this.#random() * this.#rules.length);
    const rule = this.#rules[index];
    if (rule === undefined) return;
    this.#tell(`amend ${rule.name}`);
    this.#rules[index] = { ...rule, version: rule.version + 1 };
    this.#last = null;
    await this.#alerting.closeAll(rule.id);
    this.#listen();
  }

  async #acknowledge(): Promise<void> {
    const open = [...this.#oracle.alerts.values()].filter(({ isOpen }) => isOpen);
    if (open.length === 0) return;
    const { alertId, ruleName } = this.#one(open).fired;
    const scope = this.#chance(0.3) ? 'group' : 'alert';
    const expiresAt = this.#later(this.#one([1, 5, 20, 70]));
    this.#tell(`acknowledge ${scope} of ${alertId} (${ruleName}) until ${expiresAt}`);
    await this.#alerting.acknowledge(alertId, { owner: null, expiresAt, scope });
    this.#listen();
  }

  async #silence(): Promise<void> {
    const open = [...this.#oracle.alerts.values()].filter(({ isOpen, fired }) => isOpen && fired.ruleType !== 'broken-chain');
    const byAlert = open.length > 0 && this.#chance(0.4);
    const [label = '', value = ''] = byAlert
      ? ['alertId', this.#one(open).fired.alertId]
      : this.#one([
          ['severity', 'critical'],
          ['severity', 'warning'],
          ['ruleType', 'loss-rate-shift'],
          ['segment', 'A'],
          ['ruleType', 'stale-feed'],
        ]);
    const endsAt = this.#later(this.#one([3, 30, 200]));
    this.#tell(`silence ${label} ${value} until ${endsAt}`);
    await this.#alerting.silence({
      matchers: [{ label, operator: '=', value }],
      startsAt: null,
      endsAt,
      reason: 'migration',
    });
    this.#listen();
  }

  async #endSilence(): Promise<void> {
    const ids = [...this.#oracle.silences.keys()];
    if (ids.length === 0) return;
    const id = this.#one(ids);
    this.#tell(`end silence ${id}`);
    await this.#alerting.endSilence(id);
    this.#listen();
  }

  async #setPolicy(): Promise<void> {
    const policy: NotificationPolicy = {
      timeZone: null,
      hours: this.#chance(0.4) ? { days: [1, 2, 3, 4, 5], from: this.#one(['02:30', '08:00']), to: '18:00' } : null,
      digestAt: this.#chance(0.3) ? this.#one(['02:15', '07:45']) : null,
      repeatHours: this.#chance(0.5) ? this.#one([2, 24]) : null,
      escalation: this.#chance(0.5) ? { channels: this.#one([['c4'], ['c2', 'c4']]), afterMinutes: this.#one([30, 600]) } : null,
    };
    this.#tell(`policy ${JSON.stringify(policy)}`);
    this.#policy = policy;
    await this.#alerting.setPolicy(policy);
    this.#listen();
  }

  async #pass(): Promise<void> {
    this.#alerting.now += this.#one([MINUTE_MS, 29 * MINUTE_MS, HOUR_MS, 5 * HOUR_MS, 13 * HOUR_MS, 26 * HOUR_MS, 80 * HOUR_MS]);
    this.#tell(`now ${new Date(this.#alerting.now).toISOString()}`);
    await this.#alerting.tick();
    this.#listen();
  }

  /** Two minutes later everything that was due beside something else is told; then what was told has to be right. */
  async #settle(): Promise<void> {
    for (let minute = 0; minute < 3; minute++) {
      this.#alerting.now += MINUTE_MS;
      await this.#alerting.tick();
      this.#listen();
    }
    this.#oracle.check(this.#alerting.now, this.#policy);
  }

  /** Tables filled anew from the log know what was told. */
  async #rebuilt(): Promise<void> {
    this.#tell('rebuild');
    await this.#alerting.forgetTables();
    await this.#alerting.tick();
    this.#nothingNew('a rebuild');
  }

  #figures(rule: DecidingRule, asOf: string): Evaluation[] {
    const { labels = [] } = RULES[rule.id] ?? {};
    if (this.#chance(0.08))
      return labels.slice(0, 1).map((one) => ({ labels: one, asOf, baseAsOf: null, reason: 'no-provision' as const }));
    return labels
      .filter(() => this.#chance(0.95))
      .map((one) => {
        const size = this.#one(SIZES);
        const change = Ratio.parse(size);
        return {
          labels: one,
          asOf,
          baseAsOf: '2020-01-31',
          reason: reasonByThresholds(change.absolute(), ENTER, EXIT),
          movement: movementOf(Ratio.ZERO, change),
          subject: `Figure of ${rule.name}`,
          cause: `It moved by ${size}`,
          inputs: this.#chance(0.7) ? { mixEffect: '0.09', rateEffect: '0.02' } : {},
          bridges: [],
          part: null,
        };
      });
  }

  #listen(): void {
    this.#oracle.read(this.#alerting.events.slice(this.#read));
    this.#read = this.#alerting.events.length;
  }

  /** Nothing happened and nobody was told; the reason of a quiet may be another, as its surroundings are. */
  #nothingNew(what: string): void {
    const fresh = this.#alerting.events
      .slice(this.#read)
      .filter(({ type, data }) => type !== 'AlertGroupDecided' || data['notify'] !== null);
    if (fresh.length > 0) throw new Error(`After ${what}: ${fresh.map(({ type, data }) => `${type} ${JSON.stringify(data)}`).join('\n')}`);
    this.#listen();
  }

  #later(hours: number): string {
    return new Date(this.#alerting.now + hours * HOUR_MS).toISOString();
  }

  #tell(what: string): void {
    this.#story.push(`${new Date(this.#alerting.now).toISOString()} ${what}`);
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }

  #one<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.#random() * items.length)];
    if (item === undefined) throw new Error('There is nothing to choose from.');
    return item;
  }
}

function shown(evaluation: Evaluation): string {
  return `${JSON.stringify(evaluation.labels)}=${'movement' in evaluation ? evaluation.movement.after.toDecimal() : evaluation.reason}`;
}

function monthEnd(index: number): string {
  return new Date(Date.UTC(2024, index, 0)).toISOString().slice(0, 10);
}

/** A small generator of numbers that look random: the same for the same seed everywhere. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
