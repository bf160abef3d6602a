import { types, type CustomTypesConfig } from 'pg';

const INT8 = 20;
const DATE = 1082;
const NUMERIC = 1700;
const INT8_ARRAY = 1016;
const DATE_ARRAY = 1182;
const NUMERIC_ARRAY = 1231;

const asText = (value: string): string => value;
const asBigint = (value: string): bigint => BigInt(value);

function arrayOf<T>(item: (value: string) => T): (value: string) => (T | null)[] {
  return (value) =>
    value === '{}'
      ? []
      : value
          .slice(1, -1)
          .split(',')
          .map((part) => (part === 'NULL' ? null : item(part)));
}

const own = new Map<number, (value: string) => unknown>([
  [INT8, asBigint],
  [DATE, asText],
  [NUMERIC, asText],
  [INT8_ARRAY, arrayOf(asBigint)],
  [DATE_ARRAY, arrayOf(asText)],
  [NUMERIC_ARRAY, arrayOf(asText)],
]);

// pg names the types it knows in an enumeration; the numbers that arrive are any.
const pgParserOf = types.getTypeParser as (oid: number, format: 'text' | 'binary') => (value: string) => unknown;

/** How this system reads PostgreSQL values. Given to each pool: pg's global parsers belong to everybody in the process. */
export const valueParsers: CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    const parser = format === 'binary' ? undefined : own.get(oid);
    return parser ?? pgParserOf(oid, format ?? 'text');
  },
};
