COPY lamps (id, watt) FROM stdin;
1	60
2	"; drop table lamps
\.
ALTER TABLE lamps ALTER COLUMN watt SET NOT NULL;
