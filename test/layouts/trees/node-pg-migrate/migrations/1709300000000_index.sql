create index concurrently breads_grams_idx on breads (grams);
