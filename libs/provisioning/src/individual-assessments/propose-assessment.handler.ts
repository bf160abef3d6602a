import { checkAssessment, isCurrency, parseAmount, type IndividualAssessment, type Scenario } from '@app/credit-domain';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE, Refusal, type RequestContext } from '@app/platform';
import { GetPresentationCurrencyQuery } from '@app/receivables';
import { Inject } from '@nestjs/common';
import { CommandHandler, QueryBus, type ICommandHandler } from '@nestjs/cqrs';
import { foldPolicies } from '../policy/approvable.fold';
import { individualAssessments } from '../policy/individual-assessment.fold';
import { requireKindsWithLosses } from '../policy/kinds';
import { PolicyBook, type ProposedPolicy } from '../policy/policy-book';
import { placeOf, placesOf } from '../policy/refusal-places';
import { requireDebtor, requireEntity } from '../policy/require-known';
import { ProposeAssessmentCommand, ProposeReleaseCommand, type AssessmentProposal } from './propose-assessment.command';

@CommandHandler(ProposeAssessmentCommand)
export class ProposeAssessmentHandler implements ICommandHandler<ProposeAssessmentCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  async execute({ context, proposal }: ProposeAssessmentCommand): Promise<ProposedPolicy> {
    const { debtorId, effectiveOn, endsOn, kinds, entityId, lossRate, discountRate, reason } = proposal;
    requireKindsWithLosses(kinds ?? [], 'kinds');
    await requireDebtor(this.queries, context, debtorId);
    await requireEntity(this.queries, context, proposal);
    const scenarioCurrency = await this.scenarioCurrency(context, proposal);
    const scenarios = scenarioCurrency === null ? null : scenariosOf(proposal.scenarios ?? [], scenarioCurrency);
    const assessment: IndividualAssessment = {
      ...{ assessmentId: proposal.id ?? context.newId(), debtorId, effectiveOn, endsOn, kinds, entityId, lossRate, scenarios },
      ...{ scenarioCurrency, discountRate, reason, evidence: proposal.evidence ?? null, release: false },
    };
    return recordProposal(this.store, context, assessment);
  }

  /** Kept with the assessment, so that a later change of the book's currencies cannot change what was approved. */
  private async scenarioCurrency(context: RequestContext, { scenarios, currency }: AssessmentProposal): Promise<string | null> {
    if (scenarios === null) return null;
    const { position } = await this.store.database.read(context.tenantId, (tx) => this.store.latestSettled(tx));
    const found = await this.queries.execute(new GetPresentationCurrencyQuery(context.tenantId, currency ?? undefined, position));
    if (!isCurrency(found)) throw new Refusal('assessment-invalid', 'Name the currency of the cash flows.', [placeOf('currency')]);
    return found;
  }
}

@CommandHandler(ProposeReleaseCommand)
export class ProposeReleaseHandler implements ICommandHandler<ProposeReleaseCommand> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ context, assessmentId, release }: ProposeReleaseCommand): Promise<ProposedPolicy> {
    const events = await this.store.database.read(context.tenantId, (tx) =>
      this.store.readStream(tx, individualAssessments.category, assessmentId),
    );
    const [state] = foldPolicies(individualAssessments, events);
    if (state === undefined) throw new Refusal('assessment-not-found', `There is no individual assessment '${assessmentId}'.`);
    if (state.status !== 'approved' || state.content.release) {
      throw new Refusal('assessment-not-approved', 'Only an approved assessment can be released.');
    }
    if (release.effectiveOn < state.content.effectiveOn) {
      throw new Refusal('assessment-invalid', 'The release lies before the assessment takes effect.', [placeOf('effectiveOn')]);
    }
    return recordProposal(this.store, context, {
      ...state.content,
      ...{ lossRate: null, scenarios: null, scenarioCurrency: null, discountRate: null, endsOn: null, evidence: null, release: true },
      assessmentId: context.newId(),
      effectiveOn: release.effectiveOn,
      reason: release.reason,
    });
  }
}

function recordProposal(store: EventStore, context: RequestContext, assessment: IndividualAssessment): Promise<ProposedPolicy> {
  const faults = checkAssessment(assessment);
  if (faults.length > 0) throw new Refusal('assessment-invalid', faults[0]?.detail ?? '', placesOf(faults));
  return new PolicyBook(store).propose(context, individualAssessments, assessment);
}

function scenariosOf(sent: NonNullable<AssessmentProposal['scenarios']>, currency: string): Scenario[] {
  return sent.map(({ probability, cashFlows }, index) => ({
    probability,
    cashFlows: cashFlows.map(({ on, amount }, flowIndex) => {
      const parsed = parseAmount(amount, currency);
      if (parsed.ok) return { on, amount: parsed.minor };
      const field = `scenarios[${String(index)}].cashFlows[${String(flowIndex)}].amount`;
      throw new Refusal('assessment-invalid', `'${amount}' is not an amount of ${currency} (${parsed.code}).`, [placeOf(field)]);
    }),
  }));
}
