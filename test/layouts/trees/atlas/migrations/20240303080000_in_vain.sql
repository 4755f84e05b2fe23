-- atlas:txmode none
CREATE INDEX CONCURRENTLY pets_both_idx ON {{ .Schema }}.pets (id, name);
