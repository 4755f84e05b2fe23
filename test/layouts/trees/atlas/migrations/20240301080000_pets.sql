CREATE TABLE {{ .Schema }}.pets (id bigint PRIMARY KEY, name text);
