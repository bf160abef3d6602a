-- What another ledger says the book should come to, by account. Another amount under the same key is a correction, known from then on.
CREATE TABLE rc.control_total (
  tenant_id int    NOT NULL,
  entity_id text   NOT NULL,
  kind      text   NOT NULL,
  currency  text   NOT NULL,
  account   text   COLLATE "C" NOT NULL,
  as_of     date   NOT NULL,
  position  bigint NOT NULL,
  amount    bigint NOT NULL,
  PRIMARY KEY (tenant_id, as_of, entity_id, kind, currency, account, position)
);
CREATE INDEX control_total_position ON rc.control_total (tenant_id, position);

-- A difference somebody has accounted for: it explains that amount and no other.
CREATE TABLE rc.control_explanation (
  tenant_id int    NOT NULL,
  entity_id text   NOT NULL,
  kind      text   NOT NULL,
  currency  text   NOT NULL,
  account   text   COLLATE "C" NOT NULL,
  as_of     date   NOT NULL,
  position  bigint NOT NULL,
  amount    bigint NOT NULL,
  reason    text   NOT NULL,
  PRIMARY KEY (tenant_id, as_of, entity_id, kind, currency, account, position)
);

-- Settlements that were unclassified until this position; rc.movement carries what they are taken for since.
CREATE TABLE rc.movement_classification (
  tenant_id     int    NOT NULL,
  movement_id   text   COLLATE "C" NOT NULL,
  position      bigint NOT NULL,
  receivable_no bigint NOT NULL,
  type          text   NOT NULL,
  reason        text   NOT NULL,
  PRIMARY KEY (tenant_id, movement_id)
);
CREATE INDEX movement_classification_position ON rc.movement_classification (tenant_id, position);
GRANT UPDATE (type) ON rc.movement TO arrears_api, arrears_worker;
CREATE INDEX movement_write_off ON rc.movement (tenant_id, receivable_no) WHERE type = 'write_off';

-- Written-off items that are no longer pursued (IFRS 7.35L).
CREATE TABLE rc.enforcement_end (
  tenant_id     int    NOT NULL,
  receivable_no bigint NOT NULL,
  position      bigint NOT NULL,
  ended_on      date   NOT NULL,
  reason        text   NOT NULL,
  PRIMARY KEY (tenant_id, receivable_no, position)
);

-- Credits that lists of open items name one by one; what is left of each is the sum of its rows.
CREATE TABLE rc.open_credit (
  tenant_id    int    NOT NULL,
  item_id      text   COLLATE "C" NOT NULL,
  position     bigint NOT NULL,
  debtor_no    bigint NOT NULL,
  entity_id    text   NOT NULL,
  kind         text   NOT NULL,
  currency     text   NOT NULL,
  effective_on date   NOT NULL,
  credit       bigint NOT NULL,
  PRIMARY KEY (tenant_id, item_id, position)
);

-- What a list of open items declares of itself, and what came of the items it no longer names: null = they were left alone.
ALTER TABLE rc.import ADD COLUMN as_of date, ADD COLUMN entity_id text, ADD COLUMN kinds text[], ADD COLUMN vanished int;

CALL es.secure_table('rc.control_total', 'SELECT,INSERT,DELETE');
CALL es.secure_table('rc.control_explanation', 'SELECT,INSERT,DELETE');
CALL es.secure_table('rc.movement_classification', 'SELECT,INSERT,DELETE');
CALL es.secure_table('rc.enforcement_end', 'SELECT,INSERT,DELETE');
CALL es.secure_table('rc.open_credit', 'SELECT,INSERT,DELETE');
