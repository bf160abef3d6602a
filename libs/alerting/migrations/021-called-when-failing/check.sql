SELECT 'al.channel_health has no mark of the call' AS failure
WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'al.channel_health'::regclass AND attname = 'called' AND NOT attisdropped);
