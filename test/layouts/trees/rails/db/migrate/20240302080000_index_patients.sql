CREATE INDEX index_patients_on_name ON patients (name);
