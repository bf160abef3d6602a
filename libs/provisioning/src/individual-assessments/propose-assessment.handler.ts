import { checkAssessment, isCurrency, parseAmount, type IndividualAssessment, type Scenario } from '@app/credit-domain';
import { VersionConflict, type EventStore } from '@app/event-store';
import { EVENT_STORE, eventContext, Refusal, type RequestContext } from '@app/platform';
import { FindUnknownDebtorsQuery, GetPresentationCurrencyQuery } from '@app/receivables';
import { Inject } from '@nestjs/common';
import { CommandHandler, QueryBus, type ICommandHandler } from '@nestjs/cqrs';
import { newEvent } from '../event-data';
import { assessmentData, foldIndividualAssessments, INDIVIDUAL_ASSESSMENT_CATEGORY } from '../policy/individual-assessment.fold';
import { requireKindsWithLosses } from '../policy/kinds';
import { ProposeAssessmentCommand, ProposeReleaseCommand, type AssessmentProposal } from './propose-assessment.command';
import { placeOf, placesOf } from '../policy/refusal-places';

interface Proposed {
  id: string;
  status: 'proposed';
}

@CommandHandler(ProposeAssessmentCommand)
export class ProposeAssessmentHandler implements ICommandHandler<ProposeAssessmentCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  async execute({ context, proposal }: ProposeAssessmentCommand): Promise<Proposed> {
    const { debtorId, effectiveOn, endsOn, kinds, entityId, lossRate, discountRate, reason } = proposal;
    requireKindsWithLosses(kinds ?? [], 'kinds');
    const unknown = await this.queries.execute(new FindUnknownDebtorsQuery(context.tenantId, [debtorId]));
    if (unknown.length > 0) throw new Refusal('debtor-unknown', `There is no debtor '${debtorId}'.`, [placeOf('debtorId')]);
    const scenarioCurrency = await this.scenarioCurrency(context, proposal);
    const scenarios = scenarioCurrency === null ? null : scenariosOf(proposal.scenarios ?? [], scenarioCurrency);
    const assessment: IndividualAssessment = {
      ...{ assessmentId: context.newId(), debtorId, effectiveOn, endsOn, kinds, entityId, lossRate, scenarios, scenarioCurrency },
      ...{ discountRate, reason, release: false },
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

  async execute({ context, assessmentId, release }: ProposeReleaseCommand): Promise<Proposed> {
    const events = await this.store.database.read(context.tenantId, (tx) =>
      this.store.readStream(tx, INDIVIDUAL_ASSESSMENT_CATEGORY, assessmentId),
    );
    const [state] = foldIndividualAssessments(events);
    if (state === undefined) throw new Refusal('assessment-not-found', `There is no individual assessment '${assessmentId}'.`);
    if (state.status !== 'approved' || state.assessment.release) {
      throw new Refusal('assessment-not-approved', 'Only an approved assessment can be released.');
    }
    if (release.effectiveOn < state.assessment.effectiveOn) {
      throw new Refusal('assessment-invalid', 'The release lies before the assessment takes effect.', [placeOf('effectiveOn')]);
    }
    return recordProposal(this.store, context, {
      ...state.assessment,
      ...{ lossRate: null, scenarios: null, scenarioCurrency: null, discountRate: null, endsOn: null, release: true },
      assessmentId: context.newId(),
      effectiveOn: release.effectiveOn,
      reason: release.reason,
    });
  }
}

async function recordProposal(store: EventStore, context: RequestContext, assessment: IndividualAssessment): Promise<Proposed> {
  const faults = checkAssessment(assessment);
  if (faults.length > 0) throw new Refusal('assessment-invalid', faults[0]?.detail ?? '', placesOf(faults));
  try {
    const appended = await store.appendSingle(eventContext(context), {
      category: INDIVIDUAL_ASSESSMENT_CATEGORY,
      key: assessment.assessmentId,
      expectedVersion: 0,
      events: [newEvent('IndividualAssessmentProposed', assessment.effectiveOn, assessmentData(assessment))],
    });
    await store.settle(appended.lastPosition);
  } catch (error) {
    // The id is derived from the Idempotency-Key: the first attempt of this very request has recorded it.
    if (!(error instanceof VersionConflict)) throw error;
  }
  return { id: assessment.assessmentId, status: 'proposed' };
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
