-- Balances folded by anchor date, so that a reading never scans receivables.

CREATE TABLE rc.pool (
  tenant_id  int     NOT NULL,
  pool_id    int     GENERATED ALWAYS AS IDENTITY,
  entity_id  text    NOT NULL,
  kind       text    NOT NULL,
  class      text    NOT NULL,
  segment    text    NOT NULL,
  related    boolean NOT NULL,
  assessed   boolean NOT NULL,
  PRIMARY KEY (tenant_id, pool_id),
  UNIQUE (tenant_id, entity_id, kind, class, segment, related, assessed)
);

-- A line of business with a debtor: everything of one entity, kind and class moves between pools together.
CREATE TABLE rc.line (
  tenant_id  int    NOT NULL,
  line_no    bigint GENERATED ALWAYS AS IDENTITY,
  debtor_no  bigint NOT NULL,
  entity_id  text   NOT NULL,
  kind       text   NOT NULL,
  class      text   NOT NULL,
  PRIMARY KEY (tenant_id, line_no),
  UNIQUE (tenant_id, debtor_no, entity_id, kind, class)
);

-- The pool a line is in, from a day (inclusive) to a day (exclusive), by what is known up to the projection's checkpoint.
CREATE TABLE rc.line_interval (
  tenant_id  int    NOT NULL,
  line_no    bigint NOT NULL,
  from_on    date   NOT NULL,
  to_on      date   NOT NULL,
  pool_id    int    NOT NULL,
  PRIMARY KEY (tenant_id, line_no, from_on),
  CHECK (from_on < to_on)
);

-- Approved individual assessments (and releases), as the projection has heard of them.
CREATE TABLE rc.assessment_fact (
  tenant_id    int     NOT NULL,
  debtor_no    bigint  NOT NULL,
  position     bigint  NOT NULL,
  effective_on date    NOT NULL,
  entity_id    text,
  kinds        text[],
  release      boolean NOT NULL,
  PRIMARY KEY (tenant_id, debtor_no, position)
);

-- Append-only dated facts about balances. Amounts are signed minor units of the row's currency.
-- "late" marks a row that fell on or before a checkpoint's date when it was written: a reading from that
-- checkpoint has to look for it, every other row lies after the checkpoint by its business date.
CREATE TABLE rc.exposure_entry (
  tenant_id     int      NOT NULL,
  position      bigint   NOT NULL,
  receivable_no bigint   NOT NULL,
  debtor_no     bigint   NOT NULL,
  amount        bigint   NOT NULL,
  pool_id       int      NOT NULL,
  effective_on  date     NOT NULL,
  recognised_on date     NOT NULL,
  invoiced_on   date     NOT NULL,
  due_on        date     NOT NULL,
  effective_month int    NOT NULL GENERATED ALWAYS AS (extract(year FROM effective_on)::int * 12 + extract(month FROM effective_on)::int) STORED,
  currency      text     NOT NULL,
  late          boolean  NOT NULL
);
CREATE INDEX exposure_entry_effective ON rc.exposure_entry (tenant_id, effective_on);
CREATE INDEX exposure_entry_late ON rc.exposure_entry (tenant_id, effective_month, position) WHERE late;
CREATE INDEX exposure_entry_debtor ON rc.exposure_entry (tenant_id, debtor_no);
CREATE INDEX exposure_entry_position ON rc.exposure_entry USING brin (position);

-- Changes of debtors' unapplied credit: few, and apart from the movements so that reading them never meets the rest.
CREATE TABLE rc.credit_entry (
  tenant_id    int    NOT NULL,
  position     bigint NOT NULL,
  debtor_no    bigint NOT NULL,
  entity_id    text   NOT NULL,
  currency     text   NOT NULL,
  effective_on date   NOT NULL,
  amount       bigint NOT NULL,
  PRIMARY KEY (tenant_id, position)
);
CREATE INDEX credit_entry_debtor ON rc.credit_entry (tenant_id, debtor_no);

-- Everything with effective_on <= as_of that was recorded at or before position.
CREATE TABLE rc.exposure_checkpoint (
  tenant_id     int    NOT NULL,
  checkpoint_id bigint GENERATED ALWAYS AS IDENTITY,
  as_of         date   NOT NULL,
  position      bigint NOT NULL,
  PRIMARY KEY (tenant_id, checkpoint_id),
  UNIQUE (tenant_id, as_of, position)
);

-- Per pool, currency and basis: anchor days (days since 1970-01-01, rising) and the running sum of balances up to each.
CREATE TABLE rc.exposure_prefix (
  tenant_id     int      NOT NULL,
  checkpoint_id bigint   NOT NULL,
  basis         smallint NOT NULL,
  pool_id       int      NOT NULL,
  currency      text     NOT NULL,
  anchors       int[]    NOT NULL,
  sums          bigint[] NOT NULL,
  PRIMARY KEY (tenant_id, checkpoint_id, basis, pool_id, currency)
);
-- Arrays are read by element; decompressing them would cost more than it saves.
ALTER TABLE rc.exposure_prefix ALTER COLUMN anchors SET STORAGE EXTERNAL;
ALTER TABLE rc.exposure_prefix ALTER COLUMN sums SET STORAGE EXTERNAL;

-- How much has been written since checkpoints were last taken.
CREATE TABLE rc.exposure_state (
  tenant_id             int    PRIMARY KEY,
  entries               bigint NOT NULL,
  entries_at_checkpoint bigint NOT NULL DEFAULT 0
);

-- The currencies of the book and where each was first seen.
CREATE TABLE rc.book_currency (
  tenant_id int    NOT NULL,
  currency  text   NOT NULL,
  position  bigint NOT NULL,
  PRIMARY KEY (tenant_id, currency)
);

CALL es.secure_table('rc.pool', 'SELECT,INSERT,UPDATE,DELETE');
CALL es.secure_table('rc.line', 'SELECT,INSERT,UPDATE,DELETE');
CALL es.secure_table('rc.line_interval', 'SELECT,INSERT,UPDATE,DELETE');
CALL es.secure_table('rc.assessment_fact', 'SELECT,INSERT,UPDATE,DELETE');
CALL es.secure_table('rc.credit_entry', 'SELECT,INSERT,UPDATE,DELETE');
CALL es.secure_table('rc.exposure_entry', 'SELECT,INSERT,UPDATE,DELETE');
CALL es.secure_table('rc.exposure_checkpoint', 'SELECT,INSERT,UPDATE,DELETE');
CALL es.secure_table('rc.book_currency', 'SELECT,INSERT,UPDATE,DELETE');
CALL es.secure_table('rc.exposure_state', 'SELECT,INSERT,UPDATE,DELETE');
CALL es.secure_table('rc.exposure_prefix', 'SELECT,INSERT,UPDATE,DELETE');
