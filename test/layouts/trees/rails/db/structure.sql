\restrict aBcDeF

SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);

CREATE TABLE public.patients (
    id bigint NOT NULL,
    name character varying
);

\connect clinic

COPY public.patients (id, name) FROM stdin;
1	O'Neill
\.

ALTER TABLE ONLY public.patients
    ADD CONSTRAINT patients_pkey PRIMARY KEY (id);

CREATE INDEX index_patients_on_name ON public.patients USING btree (name);

SET search_path TO "$user", public;

INSERT INTO "schema_migrations" (version) VALUES
('20240302080000'),
('20240301080000');

\unrestrict aBcDeF
