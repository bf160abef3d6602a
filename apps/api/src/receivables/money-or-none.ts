import { NO_CURRENCY } from '@app/receivables';
import type { Money } from '../http';
import { money } from '../http';

/** An empty book of a tenant without a presentation currency has no minor unit to print; its figures are all zero. */
export const moneyOrNone = (minor: bigint, currency: string): Money =>
  currency === NO_CURRENCY ? { amount: minor.toString(), currency } : money(minor, currency);
