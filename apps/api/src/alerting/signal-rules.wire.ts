import type { SignalDefinition } from '@app/credit-domain';
import { currencyExponent, Ratio } from '@app/credit-domain';
import type { z } from 'zod';
import type { SentSignal, signalDefinitions } from './signal-rules.schemas';

const EXIT_SHARE = Ratio.of(4n, 5n);

/** From what a client sends to what the feature takes. */
export function signalDefinitionOf(sent: SentSignal): SignalDefinition {
  switch (sent.type) {
    case 'overdue-debtor': {
      const decimals = sent.measure === 'amount' ? currencyExponent(sent.currency) : 0;
      const exit = sent.exit ?? Ratio.parse(sent.enter).times(EXIT_SHARE).toDecimal(decimals);
      return { ...sent, exit, segment: sent.segment ?? null };
    }
    case 'broken-promise':
      return { type: sent.type, minimum: sent.minimum ?? null };
    case 'stale-feed': {
      const { days, feeds, ...rest } = sent;
      return { ...rest, feeds: [...new Set(feeds)], enter: String(days) };
    }
    case 'failed-job':
      return { type: sent.type, jobs: sent.jobs ?? null, enter: String(sent.count) };
    case 'projection-drift':
      return { type: sent.type, enter: String(sent.count) };
    case 'credit-limit':
    case 'broken-chain':
      return sent;
  }
}

/** And back. */
export function sentSignal(definition: SignalDefinition): z.input<(typeof signalDefinitions)[number]> {
  switch (definition.type) {
    case 'overdue-debtor': {
      const { segment, ...rest } = definition;
      return { ...rest, ...(segment !== null && { segment }) };
    }
    case 'credit-limit':
      return { ...definition, bands: [...definition.bands] };
    case 'broken-promise':
      return { type: definition.type, ...(definition.minimum !== null && { minimum: { ...definition.minimum } }) };
    case 'stale-feed': {
      const { enter, feeds, ...rest } = definition;
      return { ...rest, feeds: [...feeds], days: Number(enter) };
    }
    case 'failed-job':
      return { type: definition.type, count: Number(definition.enter), ...(definition.jobs !== null && { jobs: [...definition.jobs] }) };
    case 'projection-drift':
      return { type: definition.type, count: Number(definition.enter) };
    case 'broken-chain':
      return definition;
  }
}
