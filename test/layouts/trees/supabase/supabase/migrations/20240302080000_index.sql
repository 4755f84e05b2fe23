create index concurrently plants_name_idx on public.plants (name);
