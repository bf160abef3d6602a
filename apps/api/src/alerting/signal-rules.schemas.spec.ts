import { signalDefinitions, refineSignal } from './signal-rules.schemas';
import { z } from 'zod';

const definition = z.discriminatedUnion('type', [...signalDefinitions]).superRefine((sent, refinement) => {
  refineSignal(sent, (path, message) => {
    refinement.addIssue({ code: 'custom', path, message });
  });
});

describe('a rule on the day sent with a threshold that is no number', () => {
  it.each([
    [{ type: 'credit-limit', bands: ['text'] }, ['bands', 0]],
    [{ type: 'credit-limit', margin: 'text' }, ['margin']],
    [{ type: 'overdue-debtor', currency: 'CNY', enter: 'text', exit: '1' }, ['enter']],
    [{ type: 'overdue-debtor', currency: 'CNY', enter: '1', exit: 'text' }, ['exit']],
    [{ type: 'overdue-debtor', currency: 'XXX', enter: '1', minimum: '1' }, ['currency']],
    [{ type: 'broken-promise', minimum: { amount: '1', currency: 'XXX' } }, ['minimum', 'currency']],
  ])('is refused by its field, not by a failure: %j', (sent, path) => {
    const { success, error } = definition.safeParse(sent);
    expect(success).toBe(false);
    expect(error?.issues.map((issue) => issue.path)).toContainEqual(path);
  });
});
