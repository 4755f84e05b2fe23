insert into public.plants (id, name) values (1, 'rose');
