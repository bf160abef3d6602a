import type { StoredEvent } from '@app/event-store';
import { foldAccountMapping } from './account-mapping.fold';

const stated = (accounts: Readonly<Record<string, string>>): StoredEvent =>
  ({ type: 'AccountMappingSet', version: 3, data: { accounts, byKind: { other: { allowance: '1231.09' } } } }) as unknown as StoredEvent;

describe('the accounts of a ledger', () => {
  it('stated before a role existed are still read, the new role under its default name, or an upgrade stops every journal', () => {
    const { accounts, byKind, version } = foldAccountMapping([stated({ allowance: '1231', cash: '1002' })]);
    expect(accounts).toMatchObject({ allowance: '1231', cash: '1002', intercompany: 'intercompany', impairmentLoss: 'impairment-loss' });
    expect([byKind, version]).toEqual([{ other: { allowance: '1231.09' } }, 3]);
  });
});
