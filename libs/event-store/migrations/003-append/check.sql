-- Appending runs with the caller's rights, so that row security binds it.
SELECT proname FROM pg_proc WHERE pronamespace = 'es'::regnamespace AND proname IN ('append', 'claim_streams') AND prosecdef;
