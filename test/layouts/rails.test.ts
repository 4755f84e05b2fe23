import { expect, test } from 'vitest'
import { lintTree, project, readTree } from './tree.ts'

test('what is read', async () => {
  const cwd = await project('rails')
  expect(await readTree(cwd, ['db'])).toMatchInlineSnapshot(`
    "rails
    structure "structure"
      up db/structure.sql (by themselves)
        3:1 SET statement_timeout = 0
        4:1 SELECT pg_catalog.set_config('search_path', '', false)
        6:1 CREATE TABLE public.patients ( id bigint NOT NULL, name character var…
        13:1 COPY public.patients (id, name) FROM stdin
        17:1 ALTER TABLE ONLY public.patients ADD CONSTRAINT patients_pkey PRIMARY…
        20:1 CREATE INDEX index_patients_on_name ON public.patients USING btree (n…
        22:1 SET search_path TO "$user", public
        24:1 INSERT INTO "schema_migrations" (version) VALUES ('20240302080000'), …
      down none is expected
    20240303080000 "name_required"
      up db/migrate/20240303080000_name_required.sql (transaction)
        1:1 ALTER TABLE public.patients ALTER COLUMN name SET NOT NULL
      down none is expected"
  `)
})

test('what lint says, with its places', async () => {
  const cwd = await project('rails')
  expect(await lintTree(cwd, ['db'])).toMatchInlineSnapshot(`
    [
      "db/migrate/20240303080000_name_required.sql:1:29 error set-not-null-without-check #1 Every row of patients is read for a NULL in name while all reads and writes of the table wait; no validated check on public.patients.name makes that unnecessary.",
    ]
  `)
})
