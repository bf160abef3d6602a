SELECT 1 WHERE to_regclass('cl.cash_seen') IS NULL OR to_regclass('cl.debtor_claims') IS NULL OR to_regclass('cl.case_ref') IS NULL;
