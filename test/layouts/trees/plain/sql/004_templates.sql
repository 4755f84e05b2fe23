{% if production %}
CREATE INDEX ON ${SCHEMA}.lamps (watt);
{% endif %}
INSERT INTO notes VALUES ('{{ kept }}', '${KEPT}');
ALTER TABLE {{ schema }}.lamps DROP COLUMN watt;
ALTER TABLE lamps ADDD COLUMN oops int;
DROP TABLE lamps;
