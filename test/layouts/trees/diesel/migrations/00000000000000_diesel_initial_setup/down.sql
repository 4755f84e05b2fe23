DROP FUNCTION IF EXISTS diesel_touch();
