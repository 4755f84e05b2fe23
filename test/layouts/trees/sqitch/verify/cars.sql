SELECT id FROM cars WHERE false;
