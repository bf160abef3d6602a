/** What an account is for; `intercompany`: what the entities of the group owe each other for balances one handed to another. */
export const ACCOUNT_ROLES = [
  'allowance',
  'impairmentLoss',
  'exchangeDifference',
  'otherComprehensiveIncome',
  'disposalResult',
  'interestIncome',
  'receivable',
  'cash',
  'intercompany',
] as const;
export type AccountRole = (typeof ACCOUNT_ROLES)[number];

export type AccountCodes = Readonly<Record<AccountRole, string>>;

/** The codes of an organisation's ledger: one for each role, and where a kind has its own. */
export interface AccountMapping {
  readonly accounts: AccountCodes;
  readonly byKind: Readonly<Record<string, Readonly<Partial<AccountCodes>>>>;
}

/** Names in place of codes: a journal can be read, and mapped later, before anybody has stated a ledger. */
export const DEFAULT_ACCOUNTS: AccountCodes = {
  allowance: 'allowance',
  impairmentLoss: 'impairment-loss',
  exchangeDifference: 'exchange-difference',
  otherComprehensiveIncome: 'other-comprehensive-income',
  disposalResult: 'disposal-result',
  interestIncome: 'interest-income',
  receivable: 'receivable',
  cash: 'cash',
  intercompany: 'intercompany',
};

export function accountCode({ accounts, byKind }: AccountMapping, role: AccountRole, kind: string): string {
  return byKind[kind]?.[role] ?? accounts[role];
}
