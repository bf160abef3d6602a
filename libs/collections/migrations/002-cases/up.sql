-- Finds the debtor of a promise, dispute or plan.
CREATE TABLE cl.case_ref (
  tenant_id int  NOT NULL,
  case_id   text COLLATE "C" NOT NULL,
  debtor_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, case_id)
);

-- Debtors with promises or plans, and when the next of them can no longer be kept. Made anew from the log by whoever judges next.
CREATE TABLE cl.debtor_claims (
  tenant_id   int  NOT NULL,
  debtor_id   text COLLATE "C" NOT NULL,
  -- Payments before this day count for none of them.
  cash_from   date NOT NULL,
  -- The first open one is to be judged once this day is over; NULL: none is open.
  judge_after date,
  PRIMARY KEY (tenant_id, debtor_id)
);
CREATE INDEX debtor_claims_due ON cl.debtor_claims (tenant_id, judge_after) WHERE judge_after IS NOT NULL;

-- Debtors whose cash changed since their promises were judged, with the last position that changed it.
CREATE TABLE cl.cash_seen (
  tenant_id int    NOT NULL,
  debtor_id text   COLLATE "C" NOT NULL,
  position  bigint NOT NULL,
  PRIMARY KEY (tenant_id, debtor_id)
);

CALL es.secure_table('cl.case_ref', 'SELECT,INSERT,UPDATE,DELETE');
CALL es.secure_table('cl.debtor_claims', 'SELECT,INSERT,UPDATE,DELETE');
CALL es.secure_table('cl.cash_seen', 'SELECT,INSERT,UPDATE,DELETE');
