alter table public.plants add column height int;
create index concurrently plants_height_idx on public.plants (height);
