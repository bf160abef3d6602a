/**
 * The statements of the exposure projection. A balance moves on its business date, in the pool its
 * line is in on that date; where the line changes pool later, one pair of entries carries the balance over.
 */

/**
 * A claim without a due date (payable on demand, or not billed yet) is never past due: it is put on the last day the calendar here
 * knows, so that every ageing by due date has it in its first bucket.
 */
const DUE = `COALESCE(r.due_on, DATE '2199-12-31') AS due_on`;

/** Recognitions and movements of a range of positions as signed steps of a receivable's balance. */
const STEPS_OF_RANGE = `
  SELECT r.position, r.receivable_no, r.debtor_no, r.entity_id, r.kind, r.class, r.currency, r.recognised_on, r.invoiced_on, ${DUE},
         r.recognised_on AS effective_on, r.amount
  FROM rc.receivable r
  WHERE r.tenant_id = $1 AND r.position > $2 AND r.position <= $3 AND r.amount <> 0
  UNION ALL
  SELECT m.position, r.receivable_no, r.debtor_no, r.entity_id, r.kind, r.class, r.currency, r.recognised_on, r.invoiced_on, ${DUE},
         m.effective_on, m.gross
  FROM rc.movement m
  JOIN rc.receivable r ON r.tenant_id = m.tenant_id AND r.receivable_no = m.receivable_no
  WHERE m.tenant_id = $1 AND m.position > $2 AND m.position <= $3 AND m.gross <> 0`;

/**
 * $1 tenant, $2 after, $3 up to. A step enters the pool in force on its date, and every later change of
 * pool known by now carries it over: leaving the old pool and entering the new one on the day of change.
 */
export const INSERT_ENTRIES_OF_RANGE = `
  WITH frontier AS (SELECT max(as_of) AS as_of FROM rc.exposure_checkpoint WHERE tenant_id = $1),
  step AS (${STEPS_OF_RANGE}),
  placed AS (
    SELECT s.position, s.receivable_no, s.debtor_no, s.currency, s.recognised_on, s.invoiced_on, s.due_on, s.effective_on, s.amount,
           i.from_on, i.to_on, i.pool_id
    FROM step s
    JOIN rc.line l ON l.tenant_id = $1 AND l.debtor_no = s.debtor_no AND l.entity_id = s.entity_id AND l.kind = s.kind AND l.class = s.class
    JOIN rc.line_interval i ON i.tenant_id = $1 AND i.line_no = l.line_no AND i.to_on > s.effective_on
  )
  INSERT INTO rc.exposure_entry (tenant_id, position, receivable_no, debtor_no, amount, pool_id, effective_on, recognised_on, invoiced_on, due_on, currency, late)
  SELECT $1, p.position, p.receivable_no, p.debtor_no, e.amount, p.pool_id, e.effective_on, p.recognised_on, p.invoiced_on, p.due_on, p.currency,
         COALESCE(e.effective_on <= (SELECT as_of FROM frontier), false)
  FROM placed p
  CROSS JOIN LATERAL (
    SELECT greatest(p.from_on, p.effective_on) AS effective_on, p.amount
    UNION ALL
    SELECT p.to_on, -p.amount WHERE p.to_on < 'infinity'
  ) e`;

/** $1 tenant, $2 after, $3 up to: lines seen for the first time. */
export const INSERT_NEW_LINES = `
  INSERT INTO rc.line (tenant_id, debtor_no, entity_id, kind, class)
  SELECT DISTINCT r.tenant_id, r.debtor_no, r.entity_id, r.kind, r.class
  FROM rc.receivable r
  WHERE r.tenant_id = $1 AND r.position > $2 AND r.position <= $3
    AND NOT EXISTS (SELECT 1 FROM rc.line l WHERE l.tenant_id = r.tenant_id AND l.debtor_no = r.debtor_no
                      AND l.entity_id = r.entity_id AND l.kind = r.kind AND l.class = r.class)
  RETURNING line_no, debtor_no, entity_id, kind, class`;

/**
 * $1 tenant; $2..$6 the new intervals of the changed lines as arrays: line, position of the change, from, to, pool.
 * Writes the difference between where the balances of these lines were and where they are now, at the position of the change.
 */
export const INSERT_DIFFERENCE_OF_LINES = `
  WITH frontier AS (SELECT max(as_of) AS as_of FROM rc.exposure_checkpoint WHERE tenant_id = $1),
  new_interval AS (
    SELECT * FROM unnest($2::bigint[], $3::bigint[], $4::date[], $5::date[], $6::int[]) AS n(line_no, position, from_on, to_on, pool_id)
  ),
  changed AS (SELECT DISTINCT line_no, position FROM new_interval),
  item AS (
    SELECT c.line_no, c.position AS changed_at, r.receivable_no, r.debtor_no, r.currency, r.recognised_on, r.invoiced_on, ${DUE}, r.amount
    FROM changed c
    JOIN rc.line l ON l.tenant_id = $1 AND l.line_no = c.line_no
    JOIN rc.receivable r ON r.tenant_id = $1 AND r.debtor_no = l.debtor_no AND r.entity_id = l.entity_id AND r.kind = l.kind AND r.class = l.class
                        AND r.position < c.position
  ),
  step AS (
    SELECT item.*, item.recognised_on AS effective_on, item.amount AS change FROM item
    UNION ALL
    SELECT item.*, m.effective_on, m.gross
    FROM item JOIN rc.movement m ON m.tenant_id = $1 AND m.receivable_no = item.receivable_no AND m.position < item.changed_at
  ),
  interval_change AS (
    SELECT line_no, from_on, to_on, pool_id, 1 AS sign FROM new_interval
    UNION ALL
    SELECT i.line_no, i.from_on, i.to_on, i.pool_id, -1 FROM rc.line_interval i JOIN changed c ON c.line_no = i.line_no WHERE i.tenant_id = $1
  ),
  contribution AS (
    SELECT s.changed_at, s.receivable_no, s.debtor_no, s.currency, s.recognised_on, s.invoiced_on, s.due_on, c.pool_id, e.effective_on, e.amount
    FROM step s
    JOIN interval_change c ON c.line_no = s.line_no AND c.to_on > s.effective_on
    CROSS JOIN LATERAL (
      SELECT greatest(c.from_on, s.effective_on) AS effective_on, c.sign * s.change AS amount
      UNION ALL
      SELECT c.to_on, -c.sign * s.change WHERE c.to_on < 'infinity'
    ) e
  )
  INSERT INTO rc.exposure_entry (tenant_id, position, receivable_no, debtor_no, amount, pool_id, effective_on, recognised_on, invoiced_on, due_on, currency, late)
  SELECT $1, changed_at, receivable_no, debtor_no, sum(amount), pool_id, effective_on, recognised_on, invoiced_on, due_on, currency,
         COALESCE(effective_on <= (SELECT as_of FROM frontier), false)
  FROM contribution
  GROUP BY changed_at, receivable_no, debtor_no, pool_id, effective_on, recognised_on, invoiced_on, due_on, currency
  HAVING sum(amount) <> 0`;

/** $1 tenant, $2 after, $3 up to: currencies seen for the first time. */
export const INSERT_NEW_CURRENCIES = `
  INSERT INTO rc.book_currency (tenant_id, currency, position)
  SELECT tenant_id, currency, min(position) FROM rc.receivable
  WHERE tenant_id = $1 AND position > $2 AND position <= $3
  GROUP BY tenant_id, currency
  ON CONFLICT (tenant_id, currency) DO NOTHING`;

/** $1 tenant, $2 after, $3 up to: changes of unapplied credit. */
export const INSERT_CREDITS_OF_RANGE = `
  INSERT INTO rc.credit_entry (tenant_id, position, debtor_no, entity_id, currency, effective_on, amount)
  SELECT tenant_id, position, debtor_no, entity_id, currency, effective_on, credit FROM rc.movement
  WHERE tenant_id = $1 AND position > $2 AND position <= $3 AND credit <> 0`;

/** $1 tenant, $2 entries written. */
export const COUNT_ENTRIES = `
  INSERT INTO rc.exposure_state AS s (tenant_id, entries) VALUES ($1, $2)
  ON CONFLICT (tenant_id) DO UPDATE SET entries = s.entries + EXCLUDED.entries
  RETURNING entries - entries_at_checkpoint AS uncovered`;

/** $1 tenant; $2..$5 as arrays: line, from, to, pool. */
export const INSERT_INTERVALS = `
  INSERT INTO rc.line_interval (tenant_id, line_no, from_on, to_on, pool_id)
  SELECT $1, n.line_no, n.from_on, n.to_on, n.pool_id
  FROM unnest($2::bigint[], $3::date[], $4::date[], $5::int[]) AS n(line_no, from_on, to_on, pool_id)`;

/** $1 tenant, $2 after, $3 up to: amendments of debtors already on the books. A first fact changes nothing. */
export const SELECT_DEBTOR_AMENDMENTS = `
  SELECT f.position, f.debtor_no
  FROM rc.debtor_fact f
  WHERE f.tenant_id = $1 AND f.position > $2 AND f.position <= $3
    AND EXISTS (SELECT 1 FROM rc.debtor_fact earlier WHERE earlier.tenant_id = $1 AND earlier.debtor_no = f.debtor_no AND earlier.position < f.position)
  ORDER BY f.position`;
