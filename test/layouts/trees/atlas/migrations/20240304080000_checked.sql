-- atlas:txtar

-- checks.sql --
SELECT NOT EXISTS (SELECT 1 FROM pets WHERE name IS NULL);
-- migration.sql --
ALTER TABLE {{ .Schema }}.pets DROP COLUMN name;
-- down.sql --
ALTER TABLE {{ .Schema }}.pets ADD COLUMN name text;
