-- atlas:txmode none
-- atlas:delimiter \n\n\n

-- two statements with empty lines between them
CREATE INDEX CONCURRENTLY pets_name_idx ON {{ .Schema }}.pets (name)


ALTER TABLE {{ .Schema }}.pets ADD COLUMN age int
