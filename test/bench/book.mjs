// A generated book, the same for every run of a size: receivables over seven years, most of them settled, in many segments.
const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2019, 0, 1);
const DAYS = 2_190;
const SEGMENTS = 20;

export const iso = (day) => new Date(FIRST_DAY + day * DAY_MS).toISOString().slice(0, 10);
export const lastDay = iso(DAYS + 400);

/** mulberry32: small, seeded, good enough to spread a book. */
export function random(seed) {
  let a = seed;
  return (below) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const cents = (value) => `${Math.floor(value / 100)}.${String(value % 100).padStart(2, '0')}`;

/** CSV in pieces of a few thousand rows; `plain` receives the same rows for the peer. */
export function* debtorsCsv(debtors) {
  yield 'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency\n';
  let piece = '';
  for (let i = 0; i < debtors; i++) {
    piece += `D${i},Debtor ${i},s${i % SEGMENTS},${i % 50 === 0},CN,90,,\n`;
    if (i % 5_000 === 4_999) {
      yield piece;
      piece = '';
    }
  }
  yield piece;
}

/** One receivable: deterministic by its number. */
export function receivable(i, debtors) {
  const next = random(i + 1);
  const day = next(DAYS);
  const amount = 1 + next(9_999_999);
  // Two in three are settled in one go, one in four in two parts, the rest stays open.
  const fate = next(12);
  const paidAfter = 10 + next(500);
  const payments =
    fate < 8
      ? [[day + paidAfter, amount]]
      : fate < 11
        ? [
            [day + paidAfter, Math.floor(amount / 2)],
            [day + paidAfter + next(300), Math.floor(amount / 4)],
          ]
        : [];
  return { id: `R${i}`, debtor: next(debtors), kind: next(10) === 0 ? 'contract_asset' : 'trade', amount, day, payments };
}

export function* receivablesCsv(count, debtors) {
  yield 'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no\n';
  let piece = '';
  for (let i = 0; i < count; i++) {
    const r = receivable(i, debtors);
    piece += `${r.id},D${r.debtor},${r.kind},CNY,${cents(r.amount)},${iso(r.day)},${iso(r.day)},${iso(r.day + 90)},N${i}\n`;
    if (i % 5_000 === 4_999) {
      yield piece;
      piece = '';
    }
  }
  yield piece;
}

export function* movementsCsv(count, debtors) {
  yield 'movement_id,receivable_id,type,amount,effective_on,reference\n';
  let piece = '';
  let rows = 0;
  for (let i = 0; i < count; i++) {
    const r = receivable(i, debtors);
    r.payments.forEach(([day, amount], n) => {
      piece += `M${i}-${n},${r.id},payment,${cents(amount)},${iso(day)},bank\n`;
      rows += 1;
    });
    if (i % 5_000 === 4_999) {
      yield piece;
      piece = '';
    }
  }
  yield piece;
  return rows;
}
