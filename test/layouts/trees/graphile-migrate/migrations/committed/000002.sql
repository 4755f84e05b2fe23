--! Previous: sha1:0123456789abcdef0123456789abcdef01234567
--! Hash: sha1:1123456789abcdef0123456789abcdef01234567

--! no-transaction
create index concurrently singers_voice_idx on singers (voice);
