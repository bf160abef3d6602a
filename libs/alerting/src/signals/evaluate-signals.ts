import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { GetTenantSettingsQuery } from '@app/access';
import type { AlertLabels, Evaluation, SignalDefinition, SignalOutcome } from '@app/credit-domain';
import { isMeasured, isSignal, isAlwaysCritical, parseAmount } from '@app/credit-domain';
import type { EventContext, Position, Tx } from '@app/event-store';
import { CLOCK, Logger, type Clock } from '@app/platform';
import type { AlertRule } from '../alert-rule';
import { AlertingLog } from '../alerting-log';
import { episodeRows } from '../episodes/episode-tables';
import { evaluatedDates, saveEvaluation } from '../evaluate-rules/evaluation-table';
import { RuleDecisions, type DecidingRule } from '../evaluate-rules/rule-decisions';
import { SignalFigures } from './signal-figures';
import { closePromises } from './signal-tables';

/** `day`: everything. `now`: checks that read the log are left alone where they were done today. `jobs`: failed work alone. */
export type SignalScope = 'day' | 'now' | 'jobs';

type SignalRule = AlertRule & { readonly definition: SignalDefinition };

interface Judged {
  readonly rule: SignalRule;
  readonly outcome: SignalOutcome;
}

/** Evaluates the active rules on the day's figures on the tenant's business date, and writes what follows. Twice on a date decides nothing new. */
@Injectable()
export class EvaluateSignals {
  constructor(
    private readonly log: AlertingLog,
    private readonly decisions: RuleDecisions,
    private readonly figures: SignalFigures,
    private readonly queries: QueryBus,
    private readonly logger: Logger,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws what the figures of a rule could not be read by, once the others are decided: the job is tried again. */
  async evaluate(context: EventContext, scope: SignalScope): Promise<void> {
    const { tenantId } = context;
    if ((await this.#rules(tenantId, scope)).length === 0) return;
    const { timeZone } = await this.queries.execute(new GetTenantSettingsQuery(tenantId));
    const asOf = this.clock.today(timeZone);
    const { due, position, open } = await this.#due(tenantId, scope, asOf);
    const judged: Judged[] = [];
    const failures: unknown[] = [];
    for (const rule of due) {
      const at = { tenantId, asOf, position, open: open.get(rule.id) ?? [] };
      try {
        judged.push({ rule, outcome: await this.figures.evaluate(rule.definition, at) });
      } catch (error) {
        failures.push(error);
        this.logger.warn(`The figures of alert rule ${rule.id} could not be read: ${(error as Error).message}`, 'EvaluateSignals');
        judged.push({ rule, outcome: { evaluations: [unreadable(asOf)], isMeasurable: false } });
      }
    }
    if (judged.length > 0) await this.#decide(context, asOf, judged);
    if (failures.length > 0) throw failures[0];
  }

  /** What became of a rule meanwhile counts: one that was amended or retired decides nothing by its earlier version. */
  async #decide(context: EventContext, asOf: string, judged: readonly Judged[]): Promise<void> {
    const { tenantId } = context;
    await this.log.decide(context, async (tx, plan) => {
      const active = new Map((await this.log.rules(tx)).filter(({ status }) => status === 'active').map((rule) => [rule.id, rule.version]));
      for (const { rule, outcome } of judged) {
        if (active.get(rule.id) !== rule.version) continue;
        const period = { asOf, isMeasurable: outcome.isMeasurable };
        const results = await this.decisions.decide(tx, plan, context, decidingRule(rule), outcome.evaluations, period);
        await saveEvaluation(tx, { tenantId, ruleId: rule.id, ruleVersion: rule.version, asOf }, results);
        if (rule.definition.type === 'broken-promise') await closePromises(tx, tenantId, overPromises(outcome.evaluations));
      }
    });
  }

  async #rules(tenantId: number, scope: SignalScope): Promise<SignalRule[]> {
    return this.log.database.read(tenantId, async (tx) => inScope(await this.log.rules(tx), scope));
  }

  async #due(
    tenantId: number,
    scope: SignalScope,
    asOf: string,
  ): Promise<{ due: readonly SignalRule[]; position: Position; open: ReadonlyMap<string, readonly AlertLabels[]> }> {
    return this.log.database.read(tenantId, async (tx) => {
      const due: SignalRule[] = [];
      const open = new Map<string, readonly AlertLabels[]>();
      for (const rule of inScope(await this.log.rules(tx), scope)) {
        if (scope === 'now' && readsLog(rule.definition) && (await this.#isDone(tx, tenantId, rule, asOf))) continue;
        due.push(rule);
        const episodes = await episodeRows(tx, tenantId, { ruleId: rule.id });
        open.set(
          rule.id,
          episodes.filter(({ state }) => state.isOpen).map(({ labels }) => labels),
        );
      }
      return { due, position: await this.log.settledPosition(tx), open };
    });
  }

  async #isDone(tx: Tx, tenantId: number, rule: SignalRule, asOf: string): Promise<boolean> {
    return (await evaluatedDates(tx, tenantId, rule.id, rule.version)).has(asOf);
  }
}

function inScope(rules: readonly AlertRule[], scope: SignalScope): SignalRule[] {
  return rules.filter(
    (rule): rule is SignalRule =>
      rule.status === 'active' && isSignal(rule.definition) && (scope !== 'jobs' || rule.definition.type === 'failed-job'),
  );
}

function readsLog({ type }: SignalDefinition): boolean {
  return type === 'projection-drift' || type === 'broken-chain';
}

function unreadable(asOf: string): Evaluation {
  return { labels: {}, asOf, baseAsOf: null, reason: 'not-readable' };
}

/** The rule as it decides: its threshold in the unit of its figure, and what nobody may call a warning as critical. */
function decidingRule(rule: SignalRule): DecidingRule {
  const { definition } = rule;
  const enter = enterOf(definition);
  return {
    ...rule,
    severity: isAlwaysCritical(definition) ? 'critical' : rule.severity,
    definition: { type: definition.type, ...(enter !== null && { enter }) },
  };
}

function enterOf(definition: SignalDefinition): string | null {
  if (!('enter' in definition)) return null;
  if (definition.type !== 'overdue-debtor' || definition.measure === 'days') return definition.enter;
  const amount = parseAmount(definition.enter, definition.currency);
  return amount.ok ? amount.minor.toString() : null;
}

function overPromises(evaluations: readonly Evaluation[]): string[] {
  return evaluations.flatMap((evaluation) =>
    isMeasured(evaluation) && evaluation.reason === 'below-exit' ? (evaluation.labels['promise'] ?? []) : [],
  );
}
