CREATE TABLE loans (
  id bigserial PRIMARY KEY,
  book text NOT NULL,
  returned boolean
);
