create table public.rooms (id bigint not null, floor int, name text not null);

--
-- Dbmate schema migrations
--

INSERT INTO public.schema_migrations (version) VALUES
    ('20240301080000');
